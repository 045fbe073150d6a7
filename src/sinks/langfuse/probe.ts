import type { SinkHealth } from "../../events/index.ts";
import {
  langfuseAuthorization,
  type LangfuseCredentials,
  langfuseUrl,
} from "./langfuse-endpoint.ts";

const TIMEOUT_MS = 2_000;

export interface ProbeOptions {
  readonly fetch?: typeof globalThis.fetch;
  /** Default 2,000. */
  readonly timeoutMs?: number;
}

/** Asks Langfuse whether it is there and knows the keys. Bounded; never rejects, never tells a key. */
export async function probeLangfuse(
  credentials: LangfuseCredentials,
  { fetch = globalThis.fetch, timeoutMs = TIMEOUT_MS }: ProbeOptions = {},
): Promise<SinkHealth> {
  try {
    const response = await fetch(langfuseUrl(credentials, "/api/public/projects"), {
      headers: langfuseAuthorization(credentials),
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    return judge(response.status);
  } catch (error) {
    return failing(
      isTimeout(error)
        ? `Langfuse did not answer within ${timeoutMs} ms; check LANGFUSE_BASE_URL.`
        : "Langfuse can't be reached; check LANGFUSE_BASE_URL.",
    );
  }
}

function judge(status: number): SinkHealth {
  if (status >= 200 && status < 300) return { state: "ok" };
  if (status === 401 || status === 403) {
    return failing(
      `Langfuse refused the keys (HTTP ${status}); check LANGFUSE_PUBLIC_KEY, LANGFUSE_SECRET_KEY and that they belong to LANGFUSE_BASE_URL.`,
    );
  }
  return failing(`Langfuse answered HTTP ${status}; check LANGFUSE_BASE_URL.`);
}

function failing(lastError: string): SinkHealth {
  return { state: "failing", lastError };
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === "TimeoutError";
}
