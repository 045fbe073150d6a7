import type { Agent, IncomingMessage, RequestOptions } from "node:http";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { buffer } from "node:stream/consumers";
import { ExportError } from "./export-error.ts";

export interface HttpPost {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly agent: Agent;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  /** Value of `Retry-After`. */
  readonly retryAfter: string | undefined;
  /** Read on success only. */
  readonly body: Uint8Array;
}

const NO_BODY = new Uint8Array();

/** Idle connections that may turn out to be closed, one after the other. */
const MAX_STALE_CONNECTIONS = 4;

/** The server closed a connection that was kept for later, while the request was on its way. */
class StaleConnectionError extends Error {}

/**
 * One POST over `node:http`, not over the global `fetch`, which may be an observed one.
 * Its socket doesn't keep the process alive: who waits for an export has a timer of their own.
 *
 * @throws ExportError when there is no answer.
 */
export async function postOnce(post: HttpPost): Promise<HttpAnswer> {
  for (let stale = 0; ; stale += 1) {
    try {
      return await answerTo(post);
    } catch (error) {
      const isStale = error instanceof StaleConnectionError && stale < MAX_STALE_CONNECTIONS;
      if (!isStale) throw new ExportError(codeOf(error));
    }
  }
}

async function answerTo(post: HttpPost): Promise<HttpAnswer> {
  const response = await exchange(post);
  const status = response.statusCode ?? 0;
  const isSuccess = status >= 200 && status < 300;
  const body = isSuccess ? await buffer(response) : NO_BODY;
  if (!isSuccess) response.resume();
  return { status, retryAfter: response.headers["retry-after"], body };
}

function exchange({ url, headers, body, agent, signal }: HttpPost): Promise<IncomingMessage> {
  const send = url.protocol === "https:" ? requestHttps : requestHttp;
  const options: RequestOptions = {
    method: "POST",
    headers: { ...headers, "content-length": String(body.byteLength) },
    agent,
    signal,
  };
  return new Promise((resolve, reject) => {
    const request = send(url, options, resolve);
    request.on("error", (error) => {
      const code = codeOf(error);
      const isStale = request.reusedSocket && (code === "ECONNRESET" || code === "EPIPE");
      reject(isStale ? Object.assign(new StaleConnectionError(), { code }) : error);
    });
    request.on("socket", (socket) => socket.unref());
    request.end(body);
  });
}

function codeOf(error: unknown): string {
  if (typeof error === "object" && error !== null && "code" in error) return String(error.code);
  return "no answer";
}
