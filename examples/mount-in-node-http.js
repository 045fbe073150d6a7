// Serve /metrics and /healthz from a plain node:http server; Express works the same way.
//
//   npm run build && node examples/mount-in-node-http.js
//   curl http://127.0.0.1:3002/metrics
import { createServer } from "node:http";
import { createObservability } from "@rlm-toolkit/observability";

const obs = createObservability({ serviceName: "http-app", server: { enabled: false } });
const observed = new Set(["/metrics", "/healthz"]);

const server = createServer((request, response) => {
  if (request.method === "GET" && observed.has(request.url)) void answer(request, response);
  else response.end("Hello\n");
});

async function answer({ url, headers }, response) {
  // the `accept` header matters: Prometheus asks for OpenMetrics with it
  const page = await obs.handler(new Request(`http://localhost${url}`, { headers }));
  response.writeHead(page.status, Object.fromEntries(page.headers));
  response.end(await page.text());
}

const port = Number(process.env.PORT ?? 3002);
server.listen(port, "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => server.close(() => void obs.shutdown()));
}
