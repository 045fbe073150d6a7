// Serve /metrics, /healthz and the REST API from your own Express application, below a path of its own.
//
//   npm run build && RLM_SERVER_TOKENS=a-token-of-your-own node examples/mount-in-express.js
//   curl http://127.0.0.1:3003/observability/metrics
//   curl -H 'x-internal-auth: a-token-of-your-own' http://127.0.0.1:3003/observability/events/stats
import { createObservability } from "@rlm-toolkit/observability";
import express from "express";

const obs = createObservability({ serviceName: "express-app", server: { enabled: false } });

const app = express();
app.use("/observability", obs.nodeHandler);
app.get("/", (_request, response) => void response.type("text").send("Hello\n"));

const port = Number(process.env.PORT ?? 3003);
const server = app.listen(port, "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});

for (const signal of ["SIGINT", "SIGTERM"]) {
  // streams end with the shutdown, and the server only when they have
  process.once(signal, () => void obs.shutdown().then(() => server.close()));
}
