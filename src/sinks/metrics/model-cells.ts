import type { LlmCallData, Outcome } from "../../events/index.ts";
import type { HistogramCell, ValueCell } from "./cells.ts";
import type { FinishReason } from "./finish-reason.ts";
import type { ProductFamilies } from "./product-families.ts";

/** The cells of one provider, model and operation, found once. */
export interface ModelCells {
  readonly requests: Readonly<Record<Outcome, ValueCell>>;
  readonly latency: HistogramCell;
  readonly promptTokens: ValueCell;
  readonly completionTokens: ValueCell;
  /** Missing for operations that generate nothing. */
  readonly finishReasons: Readonly<Record<FinishReason, ValueCell>> | undefined;
}

const GENERATING: ReadonlySet<LlmCallData["operation"]> = new Set([
  "chat",
  "text_completion",
  "generate_content",
]);

/** Calls `then`, now or later, if a call of this model has a price. */
export type IfPriced = (call: LlmCallData, then: () => void) => void;

/**
 * Finds the cells of a call. They are made when the call starts, so that a counter is scraped at 0 before its first
 * value: Prometheus' `increase()` does not count a value that a series begins with.
 */
export class ModelCellCache {
  readonly #families: ProductFamilies;
  readonly #limit: number;
  readonly #ifPriced: IfPriced;
  readonly #cache = new Map<string, ModelCells>();

  constructor(families: ProductFamilies, limit: number, ifPriced: IfPriced = () => {}) {
    this.#families = families;
    this.#limit = limit;
    this.#ifPriced = ifPriced;
  }

  get(call: LlmCallData): ModelCells {
    const key = `${call.provider}\u0000${call.model}\u0000${call.operation}`;
    const known = this.#cache.get(key);
    if (known) return known;
    const cells = this.#make(call);
    // past the limit every look-up is made anew, which also counts each as an overflow
    if (this.#cache.size < this.#limit) this.#cache.set(key, cells);
    return cells;
  }

  #make(call: LlmCallData): ModelCells {
    const { provider, model, operation } = call;
    const families = this.#families;
    // only where there is a price: a cost of 0 would say that the model is free
    const reason = (name: FinishReason) => families.finishReasons.cell(provider, model, name);
    this.#ifPriced(call, () => families.cost.cell(provider, model));
    const requests = (status: Outcome) =>
      families.requests.cell(provider, model, status, operation);
    return {
      requests: {
        success: requests("success"),
        error: requests("error"),
        aborted: requests("aborted"),
        abandoned: requests("abandoned"),
        truncated: requests("truncated"),
      },
      latency: families.latency.cell(provider, model, operation),
      promptTokens: families.tokens.cell(provider, model, "prompt"),
      completionTokens: families.tokens.cell(provider, model, "completion"),
      finishReasons: GENERATING.has(operation)
        ? {
            stop: reason("stop"),
            length: reason("length"),
            content_filter: reason("content_filter"),
            tool_call: reason("tool_call"),
            other: reason("other"),
          }
        : undefined,
    };
  }
}
