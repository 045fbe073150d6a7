import type { AnswerBehaviour, Behaviour, CutBehaviour, StatusBehaviour } from "./behaviour.ts";
import { answerBody, createAnswer } from "./chat-answer.ts";
import { answerChunks } from "./chat-chunks.ts";
import type { ChatRequest } from "./chat-request.ts";
import { type ErrorDetails, errorDetails } from "./error-body.ts";
import { type Delivery, responseBody } from "./response-body.ts";
import type { Sleep } from "./sleep.ts";

const RATE_LIMIT_REQUESTS = 500;
const RATE_LIMIT_TOKENS = 200_000;

/** One request on its way to its response. */
export interface Exchange {
  readonly request: ChatRequest;
  readonly signal: AbortSignal;
  readonly requestId: string;
  /** Of the completion, e.g. `chatcmpl-000001`. */
  readonly id: string;
  /** Unix epoch in seconds. */
  readonly created: number;
  readonly sleep: Sleep;
  readonly onEnd: (delivery: Delivery) => void;
}

/** Does what the behaviour says. Rejects when the client goes away before the headers. */
export async function respond(behaviour: Behaviour, exchange: Exchange): Promise<Response> {
  const latencyMs = "latencyMs" in behaviour ? (behaviour.latencyMs ?? 0) : 0;
  if (latencyMs > 0) await exchange.sleep(latencyMs, exchange.signal);
  switch (behaviour.kind) {
    case "answer":
      return answer(behaviour, exchange);
    case "cut":
      return cut(behaviour, exchange);
    case "malformed":
      return malformed(exchange);
    case "status":
      return status(behaviour, exchange);
    case "hang":
      return untilClientGone(exchange.signal);
  }
}

/** An OpenAI-shaped error, also for what isn't a chat request. */
export function errorResponse(
  httpStatus: number,
  known: Partial<ErrorDetails>,
  headers: Record<string, string>,
): Response {
  return Response.json({ error: errorDetails(httpStatus, known) }, { status: httpStatus, headers });
}

function answer(behaviour: AnswerBehaviour, exchange: Exchange): Response {
  const pieces = piecesOf(behaviour, exchange);
  return send(exchange, { pieces, delayMs: behaviour.chunkDelayMs ?? 0 });
}

function cut(behaviour: CutBehaviour, exchange: Exchange): Response {
  const pieces = piecesOf(
    { kind: "answer", promptTokens: 10, completionTokens: 40, chunks: behaviour.afterChunks + 2 },
    exchange,
  );
  const options = { cutAfter: behaviour.afterChunks, delayMs: behaviour.chunkDelayMs ?? 0 };
  if (exchange.request.stream) return send(exchange, { pieces, ...options });
  const body = pieces.join("");
  return send(exchange, { ...options, pieces: [body.slice(0, body.length / 2)], cutAfter: 1 });
}

function malformed(exchange: Exchange): Response {
  const text = `{"id":"${exchange.id}","object":"chat.comp`;
  return send(exchange, {
    pieces: [exchange.request.stream ? `data: ${text}\n\n` : text],
    delayMs: 0,
  });
}

function status(behaviour: StatusBehaviour, exchange: Exchange): Response {
  const { code, type, retryAfterMs } = behaviour;
  exchange.onEnd("sent");
  return errorResponse(
    behaviour.status,
    { ...(code !== undefined && { code }), ...(type !== undefined && { type }) },
    {
      ...providerHeaders(exchange.requestId, { limited: behaviour.status === 429 }),
      ...(retryAfterMs !== undefined && {
        "retry-after-ms": String(retryAfterMs),
        "retry-after": String(Math.ceil(retryAfterMs / 1000)),
      }),
    },
  );
}

/** A plain answer is one piece; a stream has one for each server-sent event. */
function piecesOf(behaviour: AnswerBehaviour, exchange: Exchange): string[] {
  const { request } = exchange;
  const created = createAnswer(behaviour, request, exchange);
  if (!request.stream) return [JSON.stringify(answerBody(created))];
  const { includeUsage } = request;
  const chunks = answerChunks(created, { chunks: behaviour.chunks, includeUsage });
  return [...chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`), "data: [DONE]\n\n"];
}

function send(
  exchange: Exchange,
  options: { pieces: readonly string[]; delayMs: number; cutAfter?: number },
): Response {
  const { signal, sleep, onEnd, request } = exchange;
  return new Response(responseBody({ ...options, signal, sleep, onEnd }), {
    headers: {
      "content-type": request.stream ? "text/event-stream; charset=utf-8" : "application/json",
      ...providerHeaders(exchange.requestId, { limited: false }),
    },
  });
}

function providerHeaders(requestId: string, { limited }: { limited: boolean }) {
  return {
    "x-request-id": requestId,
    "openai-version": "2020-10-01",
    "openai-processing-ms": "1",
    "x-ratelimit-limit-requests": String(RATE_LIMIT_REQUESTS),
    "x-ratelimit-remaining-requests": String(limited ? 0 : RATE_LIMIT_REQUESTS - 1),
    "x-ratelimit-reset-requests": "120ms",
    "x-ratelimit-limit-tokens": String(RATE_LIMIT_TOKENS),
    "x-ratelimit-remaining-tokens": String(limited ? 0 : RATE_LIMIT_TOKENS - 1),
    "x-ratelimit-reset-tokens": "6ms",
  };
}

function untilClientGone(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
