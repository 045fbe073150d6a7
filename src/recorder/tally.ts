import type { SinkHealth } from "../events/index.ts";
import { BIT_OF, type RecordingSink, type Report } from "./protocol.ts";

/** What these count was not on its way to a sink: it came from elsewhere, or had got there before. */
const NOT_ON_THE_WAY = new Set(["gap", "invalid_entry", "unknown_version", "file_removed"]);

/** What became of the events of one sink. */
export class Tally {
  readonly name: RecordingSink;
  readonly bit: number;
  health: SinkHealth = { state: "unknown" };
  /** Events that it gets no more of. */
  isClosed = false;
  #isDone = false;
  #accepted = 0;
  #finished = 0;

  constructor(name: RecordingSink) {
    this.name = name;
    this.bit = BIT_OF[name];
  }

  /** Events of which nobody has said yet what became of them. */
  get open(): number {
    return Math.max(this.#accepted - this.#finished, 0);
  }

  /** One more is on its way. */
  accept(): void {
    this.#accepted += 1;
  }

  /** Only so many are on their way, those that had not left. */
  startAgain(accepted: number): void {
    this.#accepted = accepted;
    this.#finished = 0;
  }

  /** Nothing is waited for any more, and what comes of its events after all is not counted. */
  get isDone(): boolean {
    return this.#isDone;
  }

  finish(): void {
    this.#isDone = true;
    this.startAgain(0);
  }

  /** What of a report is to be counted. */
  enter({ exported, dropped, logged, health }: Report): Pick<Report, "exported" | "dropped"> {
    if (this.#isDone) return { exported: [], dropped: [] };
    this.health = health[this.name] ?? this.health;
    const mine = {
      exported: exported.filter(([destination]) => destination === this.name),
      dropped: dropped.filter(([destination]) => destination === this.name),
    };
    for (const [, count] of mine.exported) this.#finished += count;
    if (this.name === "log") this.#finished += logged;
    for (const [, reason, count] of mine.dropped) {
      if (!NOT_ON_THE_WAY.has(reason)) this.#finished += count;
    }
    return mine;
  }
}
