import { setMaxListeners } from "node:events";
import type { Random, Sleep } from "../../testing/index.ts";
import type { DemoProvider } from "./provider.ts";
import { sayGoodbye, takeTurn, type TakeTurnOptions, type TurnResult } from "./take-turn.ts";
import { drawTurn, drawVisitor, type Visitor } from "./visitor.ts";

/** Visitors with a conversation to go on with. */
const MAX_VISITORS = 12;
/** Requests under way; past it, visitors wait, so that a slow service isn't buried. */
const MAX_UNDER_WAY = 300;

export interface TrafficOptions {
  readonly serviceUrl: string;
  readonly models: DemoProvider["models"];
  readonly ratePerSecond: number;
  readonly random: Random;
  readonly sleep: Sleep;
}

/** Requests of the visitors so far, by how they went. */
export type TurnCounts = Readonly<Record<TurnResult, number>>;

/** Visitors who chat with the service over real HTTP, at a steady mean rate. */
export class Traffic {
  readonly #options: TrafficOptions;
  readonly #underWay = new Set<Promise<void>>();
  readonly #visitors = new Set<Visitor>();
  readonly #givingUp = new AbortController();
  readonly #counts: Record<TurnResult, number> = { answered: 0, refused: 0, broken: 0, left: 0 };
  #drawn = 0;

  constructor(options: TrafficOptions) {
    this.#options = options;
    // every request under way listens; Node.js warns of a leak from the eleventh on
    setMaxListeners(MAX_UNDER_WAY, this.#givingUp.signal);
  }

  get counts(): TurnCounts {
    return { ...this.#counts };
  }

  /** Sends requests until `signal` aborts. Those under way then go on: see {@link finish}. */
  async run(signal: AbortSignal): Promise<void> {
    const { random, ratePerSecond, sleep } = this.#options;
    while (!signal.aborted) {
      if (this.#underWay.size < MAX_UNDER_WAY) this.#send();
      // exponential gaps: visitors come independently of each other
      const gapMs = (-Math.log(1 - random()) * 1000) / ratePerSecond;
      await sleep(gapMs, signal).catch(() => {});
    }
  }

  /** Waits for the requests under way; those that last longer than `deadlineMs` are given up. */
  async finish(deadlineMs: number): Promise<void> {
    const done = new AbortController();
    const deadline = this.#options.sleep(deadlineMs, done.signal).then(
      () => this.#givingUp.abort(),
      () => {},
    );
    await Promise.all(this.#underWay);
    done.abort();
    await deadline;
  }

  #send(): void {
    const visitor = this.#nextVisitor();
    visitor.waiting = true;
    visitor.turnsLeft -= 1;
    const turn = this.#take(visitor).finally(() => this.#underWay.delete(turn));
    this.#underWay.add(turn);
  }

  async #take(visitor: Visitor): Promise<void> {
    const { serviceUrl, random, sleep } = this.#options;
    const options: TakeTurnOptions = { serviceUrl, sleep, signal: this.#givingUp.signal };
    const result = await takeTurn(drawTurn(random, visitor), options);
    this.#counts[result] += 1;
    visitor.waiting = false;
    if (visitor.turnsLeft > 0) return;
    this.#visitors.delete(visitor);
    if (visitor.saysGoodbye) await sayGoodbye(visitor.session, options);
  }

  #nextVisitor(): Visitor {
    const { random, models } = this.#options;
    const free = [...this.#visitors].filter(({ waiting }) => !waiting);
    const known = free[Math.floor(random() * free.length)];
    const isFull = this.#visitors.size >= MAX_VISITORS;
    if (known && (isFull || random() < 0.7)) return known;
    this.#drawn += 1;
    const visitor = drawVisitor(random, this.#drawn, models);
    // one who comes when the house is full says one thing and goes
    if (isFull) visitor.turnsLeft = 1;
    this.#visitors.add(visitor);
    return visitor;
  }
}
