import type * as z from "zod";
import type { JsonSchema } from "../../schemas/index.ts";
import type { ServedPath } from "../paths.ts";
import type { ProblemKind } from "../problem.ts";
import type { EventStream } from "../stream/index.ts";
import type { RestPorts } from "./ports.ts";

/** What a handler is given. */
export interface Call<Query> {
  readonly query: Query;
  /** The last part of the path, decoded; empty where the route has none. */
  readonly id: string;
  readonly headers: Headers;
  /** `HEAD`: nobody reads the answer's body. */
  readonly method: string;
  readonly ports: RestPorts;
  readonly stream: EventStream;
  /** Where the client finds the routes; empty at the root. */
  readonly basePath: string;
  readonly disconnect: () => void;
}

/** One route: what it does, and, in the same words, what `/openapi.json` says of it. */
export interface Route<Query extends z.ZodObject = z.ZodObject> {
  readonly method: "GET" | "DELETE";
  readonly path: ServedPath;
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly query: Query;
  /** Request headers that it heeds, with what they are for. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly answer: RouteAnswer;
  /** Beside those that every route has. */
  readonly problems: readonly ProblemKind[];
  handle(call: Call<z.output<Query>>): Response | Promise<Response>;
}

export interface RouteAnswer {
  /** Its name among the components of `/openapi.json`. */
  readonly name: string;
  readonly description: string;
  readonly contentType: "application/json" | "text/event-stream";
  readonly schema: z.ZodType;
  /** Further components that the answer speaks of, by name. */
  readonly parts?: () => Readonly<Record<string, JsonSchema>>;
  /** It has an `ETag`, and `If-None-Match` is heeded. */
  readonly hasEtag: boolean;
}
