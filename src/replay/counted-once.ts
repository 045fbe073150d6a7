import { ObservabilityError } from "../errors/index.ts";
import { type Event, eventIdParts, isReplayed, nextEventId } from "../events/index.ts";
import { EventIdSet } from "./event-id-set.ts";
import type { HeardInstances } from "./heard-instances.ts";

/** Of 1,024 events of a process that follow each other; some 200 bytes each. */
const MAX_CHUNKS = 65_536;

/**
 * Sees to it that a collector counts an event once in its life: as it happens, or in a replay. What happens in this process
 * since the collector is there comes to it anyway, and that is told by the id alone; what comes from elsewhere is
 * remembered when it is replayed. So what happens costs nothing until something was replayed.
 */
export class CountedOnce {
  /** Names the collector in a message. */
  readonly #name: string;
  readonly #heard: HeardInstances | undefined;
  readonly #maxChunks: number;
  readonly #began = nextEventId();
  #replayed: EventIdSet | undefined;

  constructor(name: string, heard?: HeardInstances, maxChunks = MAX_CHUNKS) {
    this.#name = name;
    this.#heard = heard;
    this.#maxChunks = maxChunks;
  }

  /** Of an event as it happens: whether it has not come by a replay before, as those of other instances may. */
  isNew(id: string): boolean {
    return this.#replayed === undefined || !this.#replayed.has(id);
  }

  /**
   * Of an event of a replay: whether to count it, which it then is.
   * @throws EVENT_INVALID for one that no replay has checked; REPLAY_TOO_LARGE when it can't be remembered
   */
  take(event: Event): boolean {
    if (!isFromReplay(event)) throw this.#notOfAReplay();
    const { id } = event;
    if (this.#comesAnyway(id) || !this.isNew(id)) return false;
    this.#replayed ??= new EventIdSet(this.#maxChunks);
    if (!this.#replayed.add(id)) throw this.#tooMany("events");
    return true;
  }

  #comesAnyway(id: string): boolean {
    const { origin, sequence } = eventIdParts(id);
    if (origin === this.#began.origin && sequence >= this.#began.sequence) return true;
    const heard = this.#heard === undefined ? false : this.#heard.has(id);
    if (heard === undefined) throw this.#tooMany("instances");
    return heard;
  }

  #notOfAReplay(): ObservabilityError {
    return new ObservabilityError(
      "EVENT_INVALID",
      `What the ${this.#name} were given to restore is no event of obs.eventStore.replay(), which checks events first.`,
    );
  }

  #tooMany(what: string): ObservabilityError {
    return new ObservabilityError(
      "REPLAY_TOO_LARGE",
      `The ${this.#name} have counted what they were given until now, and can't remember more ${what}, ` +
        "without which one might be counted twice. Replay less, or add up in a handler of your own.",
    );
  }
}

/** A program without types may hand in anything. */
function isFromReplay(given: unknown): given is Event {
  return typeof given === "object" && given !== null && isReplayed(given as Event);
}
