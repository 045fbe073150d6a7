/** Who and what a call belongs to. Carried through `await`, timers and streams; never a metric label. */
export interface CallContext {
  readonly sessionId?: string;
  readonly userId?: string;
  readonly tags?: readonly string[];
  readonly metadata?: Readonly<Record<string, string | number | boolean>>;
}
