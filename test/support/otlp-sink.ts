import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { decodeSpans, type ReceivedSpan } from "./otlp-decode.ts";

const unzip = promisify(gunzip);

/** `ok` accepts · `hang` never answers · a number answers with that status. */
export type SinkMode = "ok" | "hang" | number;

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Decompressed. */
  readonly body: string;
}

export interface OtlpSinkOptions {
  /** Keys that Langfuse's endpoints ask for. */
  readonly publicKey?: string;
  readonly secretKey?: string;
}

/** A receiver of OTLP/HTTP JSON that also plays Langfuse. Stop it with `await using`, or `close()`. */
export interface OtlpSink extends AsyncDisposable {
  /** Base URL; an OTLP endpoint and a Langfuse base URL at once. */
  readonly url: string;
  mode: SinkMode;
  /** Spans by `/v1/traces`. */
  readonly spans: ReceivedSpan[];
  /** Spans by Langfuse's endpoint. */
  readonly langfuseSpans: ReceivedSpan[];
  /** Bodies of `score-create` events. */
  readonly scores: Record<string, unknown>[];
  readonly requests: ReceivedRequest[];
  /** Body of the next accepted `/v1/traces` answers. */
  otlpAnswer: object;
  close(): Promise<void>;
}

/** Starts a sink on a free loopback port. */
export async function startOtlpSink(options: OtlpSinkOptions = {}): Promise<OtlpSink> {
  const { publicKey = "pk-test", secretKey = "sk-test" } = options;
  const authorization = `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString("base64")}`;
  const server = createServer((request, response) => {
    receive(request, response).catch((error: unknown) => answer(response, 400, String(error)));
  });

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = await buffer(request);
    const isGzip = request.headers["content-encoding"] === "gzip";
    const body = (isGzip ? await unzip(raw) : raw).toString("utf8");
    const { method = "", url: path = "", headers } = request;
    sink.requests.push({ method, path, headers, body });
    if (sink.mode === "hang") return;
    if (sink.mode !== "ok") return answer(response, sink.mode, "as told");
    if (path.startsWith("/api/public/") && headers.authorization !== authorization) {
      return answer(response, 401, "wrong keys");
    }
    route(path, body, response);
  }

  function route(path: string, body: string, response: ServerResponse): void {
    switch (path) {
      case "/v1/traces":
        sink.spans.push(...decodeSpans(body));
        return answer(response, 200, sink.otlpAnswer);
      case "/api/public/otel/v1/traces":
        sink.langfuseSpans.push(...decodeSpans(body));
        // Langfuse answers with the job it has queued, not with an OTLP response
        return answer(response, 200, { name: "otel-ingestion-job", id: "1", data: {} });
      case "/api/public/ingestion":
        return answer(response, 207, ingest(body));
      case "/api/public/projects":
        return answer(response, 200, { data: [{ id: "project-1", name: "test" }] });
      default:
        return answer(response, 404, "no such path");
    }
  }

  /** Like a server of version 4: scores only. */
  function ingest(body: string): object {
    const { batch } = JSON.parse(body) as {
      batch: { id: string; type: string; body: Record<string, unknown> }[];
    };
    const scores = batch.filter(({ type }) => type === "score-create");
    const refused = batch.filter(({ type }) => type !== "score-create");
    sink.scores.push(...scores.map((event) => event.body));
    return {
      successes: scores.map(({ id }) => ({ id, status: 201 })),
      errors: refused.map(({ id }) => ({ id, status: 400, message: "Event type not accepted" })),
    };
  }

  async function close(): Promise<void> {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const sink: OtlpSink = {
    url: `http://127.0.0.1:${port}`,
    mode: "ok",
    spans: [],
    langfuseSpans: [],
    scores: [],
    requests: [],
    otlpAnswer: {},
    close,
    [Symbol.asyncDispose]: close,
  };
  return sink;
}

/** The URL of a loopback port that refuses connections. */
export async function refusingUrl(): Promise<string> {
  const sink = await startOtlpSink();
  await sink.close();
  return sink.url;
}

function answer(response: ServerResponse, status: number, body: string | object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(typeof body === "string" ? JSON.stringify({ message: body }) : JSON.stringify(body));
}
