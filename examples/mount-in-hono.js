// Serve /metrics and /healthz from your own Hono application, instead of from a server of their own.
//
//   npm run build && node examples/mount-in-hono.js
//   curl http://127.0.0.1:3001/healthz
//
// `obs.handler` takes a web `Request` and returns a `Response`, so it fits every framework that speaks these two.
import { serve } from "@hono/node-server";
import { createObservability } from "@rlm-toolkit/observability";
import { Hono } from "hono";

const obs = createObservability({ serviceName: "hono-app", server: { enabled: false } });

const app = new Hono();
app.get("/", (context) => context.text("Hello\n"));
app.get("/metrics", (context) => obs.handler(context.req.raw));
app.get("/healthz", (context) => obs.handler(context.req.raw));

const port = Number(process.env.PORT ?? 3001);
const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port }, (address) => {
  console.log(`listening on http://127.0.0.1:${address.port}`);
});

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => server.close(() => void obs.shutdown()));
}
