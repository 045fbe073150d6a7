import type { Operation } from "../calls/index.ts";
import { estimateInputTokens, estimatingReader, type WireReader } from "../wire/index.ts";

/** Gives the streams of operations an estimate of the usage that their provider does not tell. */
export class UsageEstimator {
  /** Of the request: its text is not held until the answer is here. */
  readonly #inputTokens = new WeakMap<Operation, number>();

  opened(operation: Operation, body: unknown): void {
    if (!operation.call.stream) return;
    this.#inputTokens.set(operation, estimateInputTokens(operation.call, body));
  }

  reading(operation: Operation, reader: WireReader): WireReader {
    const inputTokens = this.#inputTokens.get(operation);
    return inputTokens === undefined ? reader : estimatingReader(reader, inputTokens);
  }
}
