// Serve /metrics, /healthz and the REST API from a plain node:http server, beside pages of your own.
//
//   npm run build && RLM_SERVER_TOKENS=a-token-of-your-own node examples/mount-in-node-http.js
//   curl http://127.0.0.1:3002/metrics
//   curl -H 'x-internal-auth: a-token-of-your-own' http://127.0.0.1:3002/events/stats
import { createServer } from "node:http";
import { createObservability } from "@rlm-toolkit/observability";

const obs = createObservability({ serviceName: "http-app", server: { enabled: false } });

const server = createServer((request, response) =>
  obs.nodeHandler(request, response, () => response.end("Hello\n")),
);

const port = Number(process.env.PORT ?? 3002);
server.listen(port, "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});

for (const signal of ["SIGINT", "SIGTERM"]) {
  // streams end with the shutdown, and the server only when they have
  process.once(signal, () => void obs.shutdown().then(() => server.close()));
}
