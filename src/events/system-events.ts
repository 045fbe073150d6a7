export interface SystemStartedData {
  readonly version: string;
}

export interface SystemStoppedData {
  readonly lost: number;
}

export interface SystemErrorData {
  /** The component that failed: a destination such as `langfuse`, or `server`. */
  readonly component: string;
  /** What happened and what to do; never a secret, a prompt or a provider's message. */
  readonly message: string;
}

export interface SystemAlertData {
  /** Low-cardinality: what is wrong. */
  readonly name: string;
  readonly severity: "info" | "warning" | "critical";
  /** For people; the application answers for what is in it. */
  readonly message: string;
}
