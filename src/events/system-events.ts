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
