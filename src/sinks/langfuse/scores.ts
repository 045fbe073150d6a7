/** A judgement of a trace or of one observation: user feedback, an evaluation. */
export interface LangfuseScore {
  /** OTel trace id, 32 hex digits. */
  readonly traceId: string;
  /** OTel span id, 16 hex digits; default the whole trace. */
  readonly observationId?: string;
  readonly name: string;
  /** A number, or the name of a category. */
  readonly value: number | string;
  readonly comment?: string;
}

/** Sends scores to Langfuse. Sampling plays no part: a score goes whether or not its trace was sampled. */
export interface LangfuseScores {
  /**
   * Queues a score. Sending happens behind the scenes; what fails is counted as `langfuse-scores`.
   *
   * @throws ObservabilityError `PEER_MISSING` without the package `langfuse`, `SHUT_DOWN` after `shutdown()`.
   */
  score(score: LangfuseScore): Promise<void>;
  /** Sends what waits, for at most `deadlineMs`; never rejects. */
  flush(deadlineMs?: number): Promise<void>;
  /** Flushes, counts what could not be sent in time, and takes no more. Idempotent; never rejects. */
  shutdown(deadlineMs?: number): Promise<void>;
}
