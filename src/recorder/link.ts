import type { FromRecording, Ready, RecordingStart, ToRecording } from "./protocol.ts";

/** The way to where events are recorded. */
export interface Link {
  /** Whether that is another thread than the application's. */
  readonly isThread: boolean;
  /** @throws what `postMessage()` throws for values that another thread can't be given */
  send(message: ToRecording): void;
  /** At once; what was not taken is lost. */
  end(): Promise<void>;
}

/** Told of what comes from there, and when it has ended without being asked to. */
export interface LinkListener {
  onMessage(message: Exclude<FromRecording, Ready>): void;
  /** `reason` is for messages. */
  onEnd(reason: string): void;
}

/** @throws whatever keeps it from starting */
export type OpenLink = (start: RecordingStart, listener: LinkListener) => Promise<Link>;
