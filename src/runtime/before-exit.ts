import { invoke, type Method, methodOf, setOwn } from "../taps/index.ts";
import { holdProcess } from "../timing/index.ts";

/** What is needed of `process`. */
export type EndingProcess = Pick<NodeJS.Process, "emit" | "listenerCount">;

export interface BeforeExitPorts {
  /** Ends what is under way, and sends all that waits; bounded, never rejects. */
  readonly end: () => Promise<unknown>;
  /** Sends what waits; bounded, never rejects. */
  readonly flush: () => Promise<unknown>;
  /** Grows with all that the application does; what this package says of itself is not in it. */
  readonly activity: () => number;
  /** Default: this process. */
  readonly process?: EndingProcess;
}

/** One that has something to send at the end of the process. */
interface Sender {
  /** Nothing is left to do for anybody. True: there is something new to send, which is under way now. */
  end(): boolean;
  /** The application has been told so, and may have done something. */
  flush(): void;
}

/**
 * Rounds that the application has anyway, since it did more that takes its time. Bounded, since each waits for a
 * destination that doesn't answer.
 */
const MAX_ENDS = 5;

/**
 * Rounds that it has for us alone, since it did something while it was told of its end. One that does so each time would
 * never come to an end.
 */
const MAX_FLUSHES = 2;

/** On the `emit` that is ours: all who send, other copies of this package included. */
const SENDERS = Symbol.for("@rlm-toolkit/observability.before-exit");

/**
 * Sends what waits when the event loop has nothing left, before the application hears of that. Node.js emits `beforeExit`
 * each time: sending is work, so with a listener the application's own handlers would be called once more than without
 * us. The event that we answer with work is ours alone; the one that Node.js emits when that is done is theirs.
 *
 * Returns what takes it back.
 */
export function sendBeforeExit({
  process: target = process,
  ...ports
}: BeforeExitPorts): () => void {
  const { senders, restore } = sendersOf(target) ?? replaceEmit(target);
  const sender = createSender(ports);
  senders.add(sender);
  return () => {
    senders.delete(sender);
    if (senders.size === 0) restore();
  };
}

type Ports = Pick<BeforeExitPorts, "end" | "flush" | "activity">;

function createSender({ end, flush, activity }: Ports): Sender {
  let endsLeft = MAX_ENDS;
  let flushesLeft = MAX_FLUSHES;
  let sentUpTo = -1;
  async function send(work: () => Promise<unknown>): Promise<void> {
    await work();
    sentUpTo = activity();
    // a turn of the loop, after which Node.js emits it again, whatever the work was
    await new Promise(setImmediate);
  }
  return {
    end() {
      if (endsLeft === 0 || activity() <= sentUpTo) return false;
      endsLeft -= 1;
      void holdProcess(send(end));
      return true;
    },
    flush() {
      if (flushesLeft === 0 || activity() <= sentUpTo) return;
      flushesLeft -= 1;
      void holdProcess(send(flush));
    },
  };
}

/** Who sends, and what puts the process's own `emit` back. */
interface Senders {
  readonly senders: Set<Sender>;
  readonly restore: () => void;
}

function sendersOf(target: EndingProcess): Senders | undefined {
  return Reflect.get(target.emit, SENDERS) as Senders | undefined;
}

function replaceEmit(target: EndingProcess): Senders {
  const original = target.emit as Method;
  const own = Object.getOwnPropertyDescriptor(target, "emit");
  const senders = new Set<Sender>();

  function emit(this: unknown, event: unknown, ...args: unknown[]): unknown {
    const pass = () => invoke(original, this, [event, ...args]);
    if (event !== "beforeExit") return pass();
    const ending = [...senders].filter((sender) => sender.end());
    if (ending.length > 0) return target.listenerCount("beforeExit") > 0;
    const result = pass();
    // its handlers did something, and may have been the last to do so
    for (const sender of senders) sender.flush();
    return result;
  }

  function restore(): void {
    // whoever came later goes on to call it
    if (methodOf(target, "emit") !== emit) return;
    if (own) Object.defineProperty(target, "emit", own);
    else Reflect.deleteProperty(target, "emit");
  }

  const shared: Senders = { senders, restore };
  setOwn(emit, SENDERS, shared);
  setOwn(target, "emit", emit);
  return shared;
}
