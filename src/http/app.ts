import { type Context, Hono } from "hono";
import {
  type Access,
  createAccessPolicy,
  createRateLimiter,
  presentedTokens,
  refusal,
} from "./access/index.ts";
import { pathBelow, publicBasePath } from "./base-path.ts";
import type { HandlerOptions } from "./handler-options.ts";
import { methodsOf } from "./paths.ts";
import { problem } from "./problem.ts";
import type { Answer, RequestOrigin } from "./request-origin.ts";
import { beyondLimits } from "./request-limits.ts";
import { createRestLater } from "./rest/create-rest-later.ts";
import { secured } from "./security-headers.ts";
import { withDeadline } from "../timing/index.ts";

export interface App {
  readonly answer: Answer;
  close(): Promise<void>;
}

type Asked = Context<{ Bindings: RequestOrigin }>;

/** What an answer may take, but a stream's. */
const ANSWER_TIMEOUT_MS = 10_000;

const INDEX = `RLM-Toolkit Observability

GET    /metrics                     Prometheus text, or OpenMetrics with exemplars if you accept it
GET    /healthz                     health as JSON
GET    /events/metrics              totals of agents, tools, decisions and errors, and of all sessions
GET    /events/metrics/sessions     LLM calls of every session, page by page
GET    /events/metrics/session/:id  LLM calls of one session
DELETE /events/metrics/session/:id  forget them
GET    /events/audit-log            what happened, by session, type and time
GET    /events/stats                the event bus itself
GET    /events/stream               events as they come, as server-sent events
GET    /openapi.json                all this as OpenAPI 3.1
`;

/** The pages that need no more than this, and the door of the REST API. */
export async function createApp(options: HandlerOptions): Promise<App> {
  const { config, health, renderMetrics } = options;
  const access = createAccessPolicy(config);
  const limiter = createRateLimiter({ perMinute: config.maxRequestsPerMinute, now: options.now });
  const rest = createRestLater(options);
  const app = new Hono<{ Bindings: RequestOrigin }>({
    // hono hands the origin on, as it does the bindings of a platform
    getPath: (request, bindings) =>
      pathBelow(request, bindings?.env as RequestOrigin, config.basePath),
  });

  /** Callers that nobody can tell apart share a limit: those with access one, so that the others can't use it up. */
  function secondsToWait({ client }: RequestOrigin, given: Access): number {
    return limiter(client ?? `unknown:${given}`);
  }

  /** Those that know no token are told nothing, not even by which path, and can't try tokens out without end. */
  function refuseForeign({ req, env }: Asked): Response | undefined {
    if (env.foreignHost !== true) return undefined;
    const { headers } = req.raw;
    if (presentedTokens(headers).length === 0) return foreignHost();
    const given = access(headers, env.via);
    const waitSeconds = secondsToWait(env, given);
    if (waitSeconds > 0) return rateLimited(waitSeconds);
    const isKnown = config.tokens !== undefined && given === "granted";
    return isKnown ? undefined : foreignHost();
  }

  function refuse({ req, env }: Asked): Response | undefined {
    const given = access(req.raw.headers, env.via);
    // a foreign one has been counted
    const waitSeconds = env.foreignHost === true ? 0 : secondsToWait(env, given);
    return waitSeconds > 0 ? rateLimited(waitSeconds) : refusal(given, env.via);
  }

  function mayReadAll({ req, env }: Asked): boolean {
    const { headers } = req.raw;
    const given = access(headers, env.via);
    // who tries tokens out here is not told any sooner than elsewhere
    const isTrying = presentedTokens(headers).length > 0 && env.foreignHost !== true;
    if (isTrying && secondsToWait(env, given) > 0) return false;
    return given === "granted";
  }

  app.use(async (context, next) => refuseForeign(context) ?? next());
  app.use(async (context, next) => {
    const methods = methodsOf(context.req.path);
    if (methods === undefined) return problem("not-found");
    const method = context.req.method === "HEAD" ? "GET" : context.req.method;
    return methods.includes(method) ? next() : methodNotAllowed(methods);
  });
  app.get("/", (context) => context.text(INDEX));
  app.get("/metrics", async (context) => {
    const refused = config.protectMetrics ? refuse(context) : undefined;
    if (refused) return refused;
    const page = await renderMetrics(context.req.header("accept") ?? null);
    return context.body(page.body, 200, { "content-type": page.contentType });
  });
  app.get("/healthz", async (context) => {
    const state = await health();
    // a destination that fails is no reason to take the application out of service
    const code = state.status === "stopped" ? 503 : 200;
    return context.json(mayReadAll(context) ? state : { status: state.status }, code);
  });
  app.all(
    "*",
    async (context) =>
      refuse(context) ??
      (await rest()).answer(context.req.raw, {
        path: context.req.path,
        basePath: publicBasePath(context.env, config.basePath),
        disconnect: () => context.env.disconnect?.(),
      }),
  );
  app.onError(() => problem("internal"));

  return {
    async answer(request, origin) {
      const late = () => problem("timed-out", { headers: { "retry-after": "10" } });
      const answering = async () => beyondLimits(request) ?? app.fetch(request, origin);
      return secured(await withDeadline(ANSWER_TIMEOUT_MS, answering(), late));
    },
    close: () => rest.close(),
  };
}

const HOW_TO_NAME =
  "A server on loopback is asked for by a name or an address of loopback, so that no page can reach it by a name of its " +
  "own: send a token, let a proxy on this machine send `Host: localhost`, or set OTEL_EXPORTER_PROMETHEUS_HOST.";

function foreignHost(): Response {
  return problem("foreign-host", { detail: HOW_TO_NAME });
}

function rateLimited(waitSeconds: number): Response {
  return problem("rate-limited", {
    detail: `Try again in ${waitSeconds} s; server.maxRequestsPerMinute sets the limit.`,
    headers: { "retry-after": String(waitSeconds) },
  });
}

function methodNotAllowed(methods: readonly string[]): Response {
  const allow = methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method]));
  return problem("method-not-allowed", { headers: { allow: allow.join(", ") } });
}
