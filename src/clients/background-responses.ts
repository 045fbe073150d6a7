import {
  type CallStore,
  type CallTracker,
  type Ending,
  monotonicNow,
  Operation,
  type OperationEnd,
} from "../calls/index.ts";
import type { LlmCallData } from "../events/index.ts";
import { RecentMap } from "../retention/index.ts";
import type { LlmResponse, WireReader } from "../wire/index.ts";

/** Providers keep a response that was made in the background for some ten minutes; its usage is told for longer. */
const KEPT_MS = 24 * 60 * 60 * 1000;
const MAX_KEPT = 1000;

/** `…/responses/{id}`, and what cancels it: both answer with the response. */
const PATH = /\/responses\/([^/]+?)(?:\/cancel)?$/;

/** What was made, and by whom. */
interface Pending {
  readonly call: LlmCallData;
  readonly reader: WireReader;
}

/** A response under way that somebody asks for. */
export interface FetchedResponse {
  /** Not one that is reported: most fetches tell that nothing has changed. */
  readonly operation: Operation;
  readonly reader: WireReader;
}

/**
 * Responses that the provider makes in the background. Their usage is not told where they are asked for, but where they
 * are fetched, by any of many polls; the one that tells it first is an operation of its own, and the others are none.
 */
export class BackgroundResponses {
  readonly #tracker: CallTracker;
  readonly #store: CallStore;
  readonly #pending = new RecentMap<Pending>({
    maxSize: MAX_KEPT,
    idleMs: KEPT_MS,
    now: monotonicNow,
  });
  #used = false;

  constructor(tracker: CallTracker, store: CallStore) {
    this.#tracker = tracker;
    this.#store = store;
  }

  /** Whether anything was ever made in the background: else nobody fetches it. */
  get isUsed(): boolean {
    return this.#used;
  }

  /**
   * `hearing`, which remembers what `operation` set going; as it is for formats that know no background. `reader` is the
   * format's own.
   */
  noting({ call }: Operation, reader: WireReader, hearing: WireReader): WireReader {
    if (reader.format !== "openai.responses") return hearing;
    const note = (response: LlmResponse): LlmResponse => {
      const isPending = response.pending === true && response.usage === undefined;
      if (isPending && response.id !== undefined) this.#add(response.id, { call, reader });
      return response;
    };
    return {
      ...hearing,
      readResponse: (body) => note(hearing.readResponse(body)),
      streamReader() {
        const stream = hearing.streamReader();
        const response = stream.response.bind(stream);
        return Object.assign(stream, { response: () => note(response()) });
      },
    };
  }

  /** The response that a request asks for, if it was set going here and its end is not known yet. */
  fetched(method: string, url: string): FetchedResponse | undefined {
    if ((method !== "GET" && method !== "POST") || !URL.canParse(url)) return undefined;
    const id = PATH.exec(new URL(url).pathname)?.[1];
    const pending = id === undefined ? undefined : this.#pending.get(id);
    if (id === undefined || pending === undefined) return undefined;
    const { reader } = pending;
    const call: LlmCallData = { ...pending.call, operation: "fetch_response", stream: false };
    const operation = new Operation(call, monotonicNow(), {
      now: monotonicNow,
      enclosure: { run: (fn) => fn(), close: () => {} },
      onEnd: (ended, data) => this.#ended(id, ended, data),
    });
    return { operation, reader };
  }

  #add(id: string, pending: Pending): void {
    this.#used = true;
    this.#pending.add(id, pending);
  }

  /** Somebody has read what was fetched. */
  #ended(id: string, { call, startedAtMs }: Operation, data: OperationEnd): void {
    const ending = endOf(id, data);
    // the first one that tells it; later ones tell the same
    if (ending === undefined || !this.#pending.delete(id) || this.#tracker.stopped) return;
    const { activity } = this.#store;
    this.#tracker.open(call, activity, undefined, startedAtMs).end(ending, receivedIn(data));
  }
}

/** `undefined` while the response is under way, or if the answer did not tell. */
function endOf(id: string, { outcome, errorType, ...data }: OperationEnd): Ending | undefined {
  if (data.responseId !== id) return undefined;
  if (data.finishReasons.length > 0) return { outcome: "success" };
  return outcome === "error" && errorType !== undefined ? { outcome, errorType } : undefined;
}

function receivedIn(data: OperationEnd): LlmResponse {
  return {
    id: data.responseId,
    model: data.responseModel,
    finishReasons: data.finishReasons,
    toolCallsCount: data.toolCallsCount,
    serviceTier: data.serviceTier,
    usage: data.usage,
  };
}
