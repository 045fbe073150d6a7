import { createEventBus } from "../../src/bus/index.ts";
import { CallStore, CallTracker } from "../../src/calls/index.ts";
import { ClientObserver, FetchObserver } from "../../src/clients/index.ts";
import { createDiagnostics } from "../../src/diagnostics/index.ts";
import type { Around, Event, TerminalEvent } from "../../src/events/index.ts";

/** Everything between an SDK client and the bus, with the events in a list and nothing exported. */
export function observedClients(
  options: { idleLimitMs?: number; around?: Around; includeUsage?: boolean } = {},
) {
  const problems: string[] = [];
  const diagnostics = createDiagnostics({ write: (line) => problems.push(line) });
  const bus = createEventBus(diagnostics);
  const events: Event[] = [];
  bus.subscribe({ name: "test", handle: (event) => void events.push(event) });
  const store = new CallStore();
  const tracker = new CallTracker({
    publish: bus.publish,
    around: options.around ?? NO_SPANS,
    price: () => undefined,
    diagnostics,
    idleLimitMs: options.idleLimitMs ?? 300_000,
  });
  const { includeUsage = false } = options;
  const fetches = new FetchObserver({ store, tracker, diagnostics, includeUsage });
  const clients = new ClientObserver(fetches, store, diagnostics);
  return {
    diagnostics,
    store,
    bus,
    tracker,
    fetches,
    clients,
    events,
    problems,
    /** The events that ended an operation, in order. */
    ended: (): TerminalEvent[] =>
      events.filter(
        (event) => event.type === "llm_request_completed" || event.type === "llm_request_failed",
      ),
  };
}

export type ObservedClients = ReturnType<typeof observedClients>;

const NO_SPANS: Around = {
  open: () => ({ run: (fn) => fn(), close: () => {} }),
};
