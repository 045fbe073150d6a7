import type { Diagnostics } from "../../diagnostics/index.ts";
import type { Event, EventOf, Sink, SinkHealth } from "../../events/index.ts";

export interface WebhookOptions {
  readonly url: string;
  readonly timeoutMs: number;
  /** At most one post in this time; failures between two posts are summed up. Milliseconds. */
  readonly minIntervalMs: number;
  /** What `shutdown()` may take; posts that are not through by then are given up and counted. Milliseconds. */
  readonly shutdownLimitMs: number;
  readonly diagnostics: Diagnostics;
  /** Must not be an observed one. */
  readonly fetch: typeof globalThis.fetch;
}

const DESTINATION = "webhook";

/** What is posted: readable text (Slack shows it) and the facts. */
export interface WebhookPayload {
  readonly text: string;
  readonly metadata: {
    readonly provider: string;
    readonly model: string;
    readonly error_type: string;
    readonly outcome: string;
    /** Failures since the last post, this one included. */
    readonly count: number;
    readonly timestamp: string;
    readonly trace_id?: string;
  };
}

/**
 * Posts failed operations. One post is under way at a time, within a time-out; what fails meanwhile is summed up in
 * the next one, so nothing queues. A post that fails is counted and not repeated.
 */
export function createWebhook(options: WebhookOptions): Sink {
  const { diagnostics } = options;
  let waiting: { last: EventOf<"llm_request_failed">; count: number } | undefined;
  let underWay: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let givenUp = false;
  let stop: AbortController | undefined;
  let health: SinkHealth = { state: "unknown" };

  async function post(payload: WebhookPayload): Promise<void> {
    stop = new AbortController();
    if (givenUp) stop.abort();
    try {
      stop.signal.throwIfAborted();
      const response = await options.fetch(options.url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(payload),
        signal: AbortSignal.any([AbortSignal.timeout(options.timeoutMs), stop.signal]),
        redirect: "error",
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      health = { state: "ok" };
      diagnostics.exported(DESTINATION, payload.metadata.count);
    } catch (error) {
      const lastError = `a post failed (${reasonOf(error, options.timeoutMs)}); check RLM_WEBHOOK_URL`;
      health = { state: "failing", lastError };
      const reason = givenUp ? "shutdown_timeout" : "post_failed";
      diagnostics.dropped(DESTINATION, reason, payload.metadata.count);
      diagnostics.warnOnce(DESTINATION, "post", lastError);
    }
  }

  function send(): void {
    if (waiting === undefined || underWay !== undefined) return;
    const { last, count } = waiting;
    waiting = undefined;
    underWay = post(payloadOf(last, count)).finally(() => {
      underWay = undefined;
      // the interval may have passed while the post was under way
      if (timer === undefined) send();
    });
    if (closed) return;
    timer = setTimeout(() => {
      timer = undefined;
      send();
    }, options.minIntervalMs).unref();
  }

  async function flush(): Promise<void> {
    await underWay;
    clearTimeout(timer);
    timer = undefined;
    send();
    await underWay;
  }

  async function close(): Promise<void> {
    closed = true;
    const late = setTimeout(() => {
      givenUp = true;
      stop?.abort();
    }, options.shutdownLimitMs);
    await flush();
    clearTimeout(late);
  }

  return {
    name: DESTINATION,
    types: ["llm_request_failed"],
    health: () => health,
    handle(event: Event) {
      if (event.type !== "llm_request_failed" || event.data.outcome !== "error") return;
      if (closed) return diagnostics.dropped(DESTINATION, "closed", 1);
      waiting = { last: event, count: (waiting?.count ?? 0) + 1 };
      if (timer === undefined) send();
    },
    forceFlush: flush,
    shutdown: close,
  };
}

function payloadOf(event: EventOf<"llm_request_failed">, count: number): WebhookPayload {
  const { provider, model, errorType, outcome } = event.data;
  const others = count > 1 ? ` (${count} failures since the last message)` : "";
  return {
    text: `LLM call failed: ${provider}/${model}: ${errorType}${others}`,
    metadata: {
      provider,
      model,
      error_type: errorType,
      outcome,
      count,
      timestamp: new Date(event.timestamp).toISOString(),
      ...(event.traceId !== undefined && { trace_id: event.traceId }),
    },
  };
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return "unknown error";
  if (error.name === "TimeoutError") return `no answer within ${timeoutMs} ms`;
  const cause = error.cause;
  if (cause instanceof Error && "code" in cause) return String(cause.code);
  return error.message.startsWith("HTTP ") ? error.message : error.name;
}
