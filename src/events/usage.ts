/**
 * Tokens of one operation, inclusive as in the GenAI conventions: `inputTokens` contains the cached ones,
 * `outputTokens` the reasoning ones; the other fields are parts of these two. A missing field is unknown, not 0.
 */
export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cacheReadTokens?: number;
  readonly cacheWriteTokens?: number;
  readonly reasoningTokens?: number;
  readonly inputTextTokens?: number;
  readonly outputTextTokens?: number;
  readonly inputAudioTokens?: number;
  readonly outputAudioTokens?: number;
  readonly inputImageTokens?: number;
  readonly outputImageTokens?: number;
  /** Length of audio that is billed by its length instead of by tokens. */
  readonly inputAudioSeconds?: number;
  /** Which of the two totals are estimates of ours, by the length of the text (see `estimateUsage`). */
  readonly estimated?: "input" | "output" | "all";
}

/** What an operation cost, in US dollars, and where the price came from. */
export interface Cost {
  readonly totalUsd: number;
  readonly inputUsd: number;
  readonly outputUsd: number;
  /** `override`: the user's own price; `table`: the bundled price table; `provider`: told by the provider. */
  readonly source: "override" | "table" | "provider";
  /** Version of the price table; present when `source` is `table`. */
  readonly tableVersion?: string;
  /** It is the price of tokens of which some are estimates. */
  readonly estimated?: true;
}

/** US dollars for a million tokens. */
export interface PriceOverride {
  readonly inputPerMillion: number;
  readonly outputPerMillion: number;
  /** Default: `inputPerMillion`. */
  readonly cacheReadPerMillion?: number;
  /** Default: `inputPerMillion`. */
  readonly cacheWritePerMillion?: number;
}
