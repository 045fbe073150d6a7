import { GeminiAnswer } from "./gemini-answer.ts";
import { parsePayload } from "./json-fields.ts";
import type { LlmResponse, StreamReader } from "./wire-reader.ts";

/** Keys of which one is in each chunk that says something new, once content has begun. */
const NEWS = ['"finishReason"', '"functionCall"', '"promptFeedback"', '"error"'];

/** Chunks of a streamed answer (`alt=sse`). Every one has totals of the usage, of which just the last are parsed. */
export function geminiStreamReader(): StreamReader {
  return new GeminiStream();
}

class GeminiStream implements StreamReader {
  readonly #answer = new GeminiAnswer();
  /** The last chunk with usage, not parsed yet. */
  #pending: string | undefined;

  get contentStarted(): boolean {
    return this.#answer.contentStarted;
  }

  get contentChunks(): number {
    return this.#answer.contentChunks;
  }

  get complete(): boolean {
    return this.#answer.complete;
  }

  /** There is no end mark, other than an error. */
  get terminated(): boolean {
    return this.#answer.failed;
  }

  push(payload: string): void {
    if (this.#answer.contentStarted && !NEWS.some((key) => payload.includes(key))) {
      this.#answer.contentChunks += 1;
      if (payload.includes('"usageMetadata"')) this.#pending = payload;
      return;
    }
    this.#takePending();
    const chunk = parsePayload(payload);
    if (chunk !== undefined) this.#answer.take(chunk);
  }

  response(): LlmResponse {
    this.#takePending();
    return this.#answer.response();
  }

  #takePending(): void {
    const chunk = this.#pending === undefined ? undefined : parsePayload(this.#pending);
    this.#pending = undefined;
    if (chunk !== undefined) this.#answer.takeUsage(chunk);
  }
}
