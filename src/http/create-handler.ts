import type { Hono } from "hono";
import { type Diagnostics, loadLater } from "../diagnostics/index.ts";
import type { HealthStatus } from "../runtime/observability.ts";
import type { MetricsPage } from "./metrics-page.ts";
import { problem } from "./problem.ts";

export interface HandlerOptions {
  readonly renderMetrics: (accept: string | null) => Promise<MetricsPage>;
  readonly health: () => Promise<HealthStatus>;
  readonly diagnostics: Pick<Diagnostics, "warnOnce">;
}

const INDEX = `RLM-Toolkit Observability

GET /metrics   Prometheus text, or OpenMetrics with exemplars if you accept it
GET /healthz   health as JSON
`;

/** `GET /metrics` and `GET /healthz` as a fetch handler. What it is made of is loaded for the first request. */
export function createHandler(options: HandlerOptions): (request: Request) => Promise<Response> {
  const app = loadLater("server", () => createApp(options), options.diagnostics);
  return async (request) => {
    try {
      return await (await app()).fetch(request);
    } catch {
      return internalError();
    }
  };
}

async function createApp(options: HandlerOptions): Promise<Hono> {
  const { Hono } = await import("hono");
  const app = new Hono();

  app.get("/", (context) => context.text(INDEX));

  app.get("/metrics", async (context) => {
    const page = await options.renderMetrics(context.req.header("accept") ?? null);
    return context.body(page.body, 200, { "content-type": page.contentType });
  });

  app.get("/healthz", async (context) => {
    const health = await options.health();
    // a destination that fails is no reason to take the application out of service
    return context.json(health, health.status === "stopped" ? 503 : 200);
  });

  app.notFound(() => problem(404, "Not found"));
  app.onError(internalError);
  return app;
}

function internalError(): Response {
  return problem(500, "Internal error");
}
