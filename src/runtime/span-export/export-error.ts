/** Why a batch of spans did not arrive. `message` never holds a header, a body or the query of a URL. */
export class ExportError extends Error {
  /** HTTP status, when the destination answered. */
  readonly status: number | undefined;
  /** `timeout`, `shutdown`, or the system's code such as `ECONNREFUSED`. */
  readonly reason: string;

  constructor(reason: string, status?: number) {
    super(status === undefined ? reason : `HTTP ${status}`);
    this.name = "ExportError";
    this.reason = reason;
    this.status = status;
  }
}

/** A low-cardinality word for any exporter's error: an HTTP status, a system code, an error name. */
export function causeOf(error: unknown): string {
  if (error instanceof ExportError) return error.status ? `HTTP ${error.status}` : error.reason;
  if (typeof error !== "object" || error === null) return "unknown error";
  // OTel's own exporters put the HTTP status, Node.js a system code, into `code`
  const code = "code" in error ? error.code : undefined;
  if (typeof code === "number") return `HTTP ${code}`;
  if (typeof code === "string") return code;
  return error instanceof Error ? error.name : "unknown error";
}
