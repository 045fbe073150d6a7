/** Every problem that is answered with (RFC 9457): status and title by the name at the end of its `type`. */
export const problemKinds = {
  "malformed-request": { status: 400, title: "Malformed request" },
  "invalid-path": { status: 400, title: "The path can't be decoded" },
  "invalid-parameter": { status: 400, title: "Invalid parameter" },
  unauthorized: { status: 401, title: "A valid token is needed" },
  closed: { status: 403, title: "Nobody may read this here" },
  "foreign-host": { status: 403, title: "This server answers to local names only" },
  "cross-site": { status: 403, title: "Pages of other sites may not read this" },
  "not-found": { status: 404, title: "Not found" },
  "session-unknown": { status: 404, title: "Session unknown" },
  "request-timeout": { status: 408, title: "The request took too long" },
  "method-not-allowed": { status: 405, title: "Method not allowed" },
  "body-too-large": { status: 413, title: "Body too large" },
  "url-too-long": { status: 414, title: "URL too long" },
  "rate-limited": { status: 429, title: "Too many requests" },
  "headers-too-large": { status: 431, title: "Headers too large" },
  internal: { status: 500, title: "Internal error" },
  "timed-out": { status: 503, title: "The answer took too long" },
  "audit-log-failing": { status: 503, title: "The audit log can't be read" },
  "too-many-streams": { status: 503, title: "Too many streams" },
  stopped: { status: 503, title: "Observability was shut down" },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

export type ProblemKind = keyof typeof problemKinds;

export const PROBLEM_CONTENT_TYPE = "application/problem+json";

export interface ProblemDetails {
  /** What is wrong with this request and what to do; never a secret, never a stack. */
  readonly detail?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A problem as an answer. */
export function problem(kind: ProblemKind, { detail, headers }: ProblemDetails = {}): Response {
  return new Response(problemText(kind, detail), {
    status: problemKinds[kind].status,
    headers: { ...headers, "content-type": PROBLEM_CONTENT_TYPE },
  });
}

/** A problem as JSON. */
export function problemText(kind: ProblemKind, detail?: string): string {
  const { status, title } = problemKinds[kind];
  return JSON.stringify({ type: problemType(kind), title, status, detail });
}

/** A name and no address: nothing has to be served there. */
export function problemType(kind: ProblemKind): string {
  return `urn:rlm-obs:problem:${kind}`;
}
