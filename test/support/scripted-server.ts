import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { startHttpServer, type TestServer } from "./http-server.ts";

/** What a {@link startScriptedServer} answers a request with. */
export interface ScriptedAnswer {
  /** Default: 200. */
  readonly status?: number;
  /** Default: `application/json`. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent one by one. */
  readonly parts: readonly string[];
  /** After each part. */
  readonly delayMs?: number;
  /** Default: `end`. */
  readonly ending?: "end" | "cut" | "hang";
}

export interface ScriptedServer extends TestServer {
  /** The answers to come, in order; the last one stays. */
  answers: ScriptedAnswer[];
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}) {
  return { status, headers, parts: [JSON.stringify(body)] } satisfies ScriptedAnswer;
}

/** A provider that says what it is told to, word for word. */
export async function startScriptedServer(): Promise<ScriptedServer> {
  const server = await startHttpServer((_request, response) => {
    const [answer, ...rest] = scripted.answers;
    if (answer === undefined) throw new Error("no answer is scripted");
    if (rest.length > 0) scripted.answers = rest;
    void send(response, answer);
  });
  const scripted: ScriptedServer = Object.assign(server, { answers: [] });
  return scripted;
}

async function send(response: ServerResponse, answer: ScriptedAnswer): Promise<void> {
  const { status = 200, contentType = "application/json", headers, parts, ending = "end" } = answer;
  response.writeHead(status, { "content-type": contentType, ...headers });
  response.flushHeaders();
  for (const part of parts) {
    response.write(part);
    // also a part of its own on the wire
    await sleep(answer.delayMs ?? 1);
    if (response.destroyed) return;
  }
  if (ending === "end") response.end();
  if (ending === "cut") response.destroy();
}
