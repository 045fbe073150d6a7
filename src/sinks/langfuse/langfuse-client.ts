import { ObservabilityError } from "../../errors/index.ts";

/** The part of the class `Langfuse` of the package `langfuse` 3.x that scores need. */
export interface LangfuseClient {
  score(body: {
    id: string;
    traceId: string;
    observationId?: string;
    name: string;
    value: number | string;
    comment?: string;
  }): unknown;
  flush(callback: () => void): void;
  on(event: string, listener: (payload: unknown) => void): unknown;
}

export interface LangfuseClientOptions {
  readonly publicKey: string;
  readonly secretKey: string;
  readonly baseUrl: string;
  readonly environment: string;
  readonly requestTimeout: number;
  readonly sampleRate: number;
  readonly flushAt: number;
  readonly flushInterval: number;
  readonly fetchRetryCount: number;
  readonly fetchRetryDelay: number;
}

export interface LangfuseModule {
  readonly Langfuse: new (options: LangfuseClientOptions) => LangfuseClient;
}

/** Loads the optional peer; injected so that its absence can be tried. */
export type LoadLangfuse = () => Promise<LangfuseModule>;

/** @throws ObservabilityError `PEER_MISSING`, with what to install. */
export async function loadLangfuse(load: LoadLangfuse = importPeer): Promise<LangfuseModule> {
  try {
    return await load();
  } catch (cause) {
    throw new ObservabilityError(
      "PEER_MISSING",
      "Scores need the optional package `langfuse`: npm install langfuse@3",
      { cause },
    );
  }
}

function importPeer(): Promise<LangfuseModule> {
  // caught, so that a bundler takes it for optional
  return import("langfuse").catch((error: unknown) => Promise.reject(error));
}
