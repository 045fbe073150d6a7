// Serve /metrics, /healthz and the REST API from your own Fastify application, below a path of its own.
//
//   npm run build && RLM_SERVER_TOKENS=a-token-of-your-own node examples/mount-in-fastify.js
//   curl http://127.0.0.1:3004/observability/metrics
//   curl -H 'x-internal-auth: a-token-of-your-own' http://127.0.0.1:3004/observability/events/stats
import { createObservability } from "@rlm-toolkit/observability";
import fastify from "fastify";

const obs = createObservability({ serviceName: "fastify-app", server: { enabled: false } });

const app = fastify();
app.all("/observability/*", obs.nodeHandler);
app.get("/", (_request, reply) => reply.send("Hello\n"));

const port = Number(process.env.PORT ?? 3004);
console.log(`listening on ${await app.listen({ host: "127.0.0.1", port })}`);

for (const signal of ["SIGINT", "SIGTERM"]) {
  // streams end with the shutdown, and the server only when they have
  process.once(signal, () => void obs.shutdown().then(() => app.close()));
}
