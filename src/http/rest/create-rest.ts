import type { Diagnostics } from "../../diagnostics/index.ts";
import { type ErrorCode, isObservabilityError } from "../../errors/index.ts";
import { problem, type ProblemKind } from "../problem.ts";
import { EventStream } from "../stream/index.ts";
import type { RestPorts } from "./ports.ts";
import { readQuery, type RefusedParameter } from "./read-query.ts";
import type { Route } from "./route.ts";
import { routes } from "./routes/index.ts";

/** What the parts that are read say of a cursor or a limit that can't be, or of themselves. */
const PROBLEM_OF: Partial<Record<ErrorCode, ProblemKind>> = {
  QUERY_INVALID: "invalid-parameter",
  AUDIT_LOG_FAILING: "audit-log-failing",
};

/** Where a request for the REST API came in. */
export interface RestRequest {
  /** Below the place where the routes are mounted; that it is one of them was checked. */
  readonly path: string;
  readonly basePath: string;
  readonly disconnect: () => void;
}

export interface Rest {
  answer(request: Request, at: RestRequest): Promise<Response>;
  /** Ends the streams. */
  close(): void;
}

/** The routes of the REST API over what it reads. */
export function createRest(ports: RestPorts, diagnostics: Diagnostics): Rest {
  const stream = new EventStream({ subscribe: ports.subscribe, diagnostics });

  return {
    async answer(request, at) {
      const { pathname, searchParams } = new URL(request.url);
      const id = decodeURIComponent(pathname.slice(pathname.lastIndexOf("/") + 1));
      const route = find(request.method, at.path);
      if (route === undefined) return problem("not-found");
      const query = readQuery(route.query, searchParams);
      if ("refused" in query) return invalidParameter(query.refused);
      const { headers, method } = request;
      try {
        return await route.handle({
          query: query.value,
          id,
          headers,
          method,
          ports,
          stream,
          ...at,
        });
      } catch (error) {
        if (!isObservabilityError(error)) throw error;
        const kind = PROBLEM_OF[error.code];
        if (kind === undefined) throw error;
        return problem(kind, { detail: error.message });
      }
    },
    close: () => stream.close(),
  };
}

function invalidParameter({ name, reason }: RefusedParameter): Response {
  return problem("invalid-parameter", { detail: `${name}: ${reason}` });
}

function find(method: string, path: string): Route | undefined {
  const wanted = method === "HEAD" ? "GET" : method;
  return routes.find((route) => route.method === wanted && fits(route.path, path));
}

function fits(pattern: string, path: string): boolean {
  const prefix = pattern.replace(/:id$/, "");
  return prefix === pattern ? path === pattern : path.startsWith(prefix);
}
