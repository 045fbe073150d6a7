import type { Diagnostics } from "../../diagnostics/index.ts";
import type { FromRecording, Report } from "../protocol.ts";
import { createForwardedDiagnostics } from "./forwarded-diagnostics.ts";

/** How long a finding waits for others. */
const DELAY_MS = 20;
/** How often it is looked whether a sink is in another state, which may change without a finding. */
const WATCH_MS = 500;

/** What a sink says of itself. */
export type Standing = Pick<Report, "health" | "head">;

/** Tells the application how the recording goes. */
export class Reporter {
  readonly #send: (message: FromRecording) => void;
  readonly #standing: () => Standing;
  readonly #findings = createForwardedDiagnostics(() => this.#schedule());
  readonly #watch: NodeJS.Timeout;
  #timer: NodeJS.Timeout | undefined;
  #lastStanding = "";
  #logged = 0;

  constructor(send: (message: FromRecording) => void, standing: () => Standing) {
    this.#send = send;
    this.#standing = standing;
    this.#watch = setInterval(() => this.#lookAround(), WATCH_MS).unref();
  }

  get diagnostics(): Diagnostics {
    return this.#findings.diagnostics;
  }

  /** At once, as before an answer: who has it knows what led to it. */
  report(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const standing = this.#standing();
    this.#lastStanding = JSON.stringify(standing);
    this.#send({ kind: "report", logged: this.#logged, ...this.#findings.take(), ...standing });
    this.#logged = 0;
  }

  /** So many lines of the JSON log are written. */
  logged(lines: number): void {
    this.#logged += lines;
    this.#schedule();
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#watch);
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => this.report(), DELAY_MS).unref();
  }

  #lookAround(): void {
    if (JSON.stringify(this.#standing()) !== this.#lastStanding) this.report();
  }
}
