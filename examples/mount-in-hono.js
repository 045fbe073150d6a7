// Serve /metrics, /healthz and the REST API from your own Hono application, below a path of its own.
//
//   npm run build && RLM_SERVER_TOKENS=a-token-of-your-own node examples/mount-in-hono.js
//   curl http://127.0.0.1:3001/observability/metrics
//   curl -H 'x-internal-auth: a-token-of-your-own' http://127.0.0.1:3001/observability/events/stats
//
// `obs.handler` takes a web `Request` and returns a `Response`, so it fits every framework that speaks these two.
import { serve } from "@hono/node-server";
import { createObservability } from "@rlm-toolkit/observability";
import { Hono } from "hono";

const obs = createObservability({
  serviceName: "hono-app",
  server: { enabled: false, basePath: "/observability" },
});

const app = new Hono();
app.all("/observability/*", (context) => obs.handler(context.req.raw));
app.get("/", (context) => context.text("Hello\n"));

const port = Number(process.env.PORT ?? 3001);
const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port }, (address) => {
  console.log(`listening on http://127.0.0.1:${address.port}`);
});

for (const signal of ["SIGINT", "SIGTERM"]) {
  // streams end with the shutdown, and the server only when they have
  process.once(signal, () => void obs.shutdown().then(() => server.close()));
}
