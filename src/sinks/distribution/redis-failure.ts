import { errorName, isObservabilityError } from "../../errors/index.ts";

/** What to look at, by what Redis or the network said. */
const ADVICE: Readonly<Record<string, string>> = {
  NOAUTH: "put user and password into RLM_EVENTS_REDIS",
  WRONGPASS: "check user and password in RLM_EVENTS_REDIS",
  NOPERM: "the user of RLM_EVENTS_REDIS may not do all that docs/distribution.md lists",
  READONLY: "RLM_EVENTS_REDIS is the address of a replica",
  OOM: "Redis has reached its maxmemory",
  WRONGTYPE: "the key is in use for something else; set RLM_EVENTS_REDIS_PREFIX",
  PEER_MISSING: "npm install ioredis",
  MOVED: "a node of a cluster is not supported; set RLM_EVENTS_REDIS to a single Redis",
};

/** Why something with Redis did not work. Nothing of the address, of a key or of an event is in it. */
export class RedisFailure extends Error {
  /** A code of Redis (`NOAUTH`) or of Node.js (`ECONNREFUSED`), `timeout` or `closed`. */
  readonly reason: string;
  /** Trying again is of no use. */
  readonly isFinal: boolean;

  constructor(reason: string, { isFinal = false } = {}) {
    super(`Redis: ${reason}`);
    this.name = "RedisFailure";
    this.reason = reason;
    this.isFinal = isFinal;
  }

  /** What anything that was thrown means; what it says itself may hold secrets and stays out. */
  static from(error: unknown): RedisFailure {
    if (error instanceof RedisFailure) return error;
    if (!(error instanceof Error)) return new RedisFailure(errorName(error));
    if (error.name === "ReplyError") return new RedisFailure(replyCode(error));
    if (isObservabilityError(error)) return new RedisFailure(error.code, { isFinal: true });
    const code = "code" in error ? error.code : undefined;
    return new RedisFailure(typeof code === "string" ? code : connectionError(error));
  }

  /** For messages and the health page. */
  get advice(): string {
    return `${this.reason}; ${ADVICE[this.reason] ?? "check RLM_EVENTS_REDIS"}`;
  }
}

/** Replies begin with a code. A transaction that is refused tells why in the errors before. */
function replyCode(error: Error): string {
  const { previousErrors } = error as { previousErrors?: readonly Error[] };
  const { message } = previousErrors?.[0] ?? error;
  return /^[A-Z]+/.exec(message)?.[0] ?? "refused";
}

/** What ioredis says when a connection ends under a command has no code. */
function connectionError(error: Error): string {
  const ended = error.name === "AbortError" || error.message === "Connection is closed.";
  return ended ? "closed" : error.name;
}
