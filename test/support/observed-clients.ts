import { createEventBus } from "../../src/bus/index.ts";
import { CallStore, CallTracker, ContentPolicy } from "../../src/calls/index.ts";
import type { ContentPolicyOptions } from "../../src/calls/content/content-policy.ts";
import { ClientObserver, FetchObserver } from "../../src/clients/index.ts";
import { createRedactor } from "../../src/redaction/index.ts";
import { redactionPatterns, type RedactionPattern } from "../../src/semconv/index.ts";
import { createDiagnostics, type Diagnostics } from "../../src/diagnostics/index.ts";
import type { Around, Event, TerminalEvent } from "../../src/events/index.ts";

export interface ObservedClientsOptions {
  readonly idleLimitMs?: number;
  readonly around?: Around;
  readonly includeUsage?: boolean;
  readonly estimateUsage?: boolean;
  /** What is captured of content; default nothing. */
  readonly content?: Partial<ContentPolicyOptions>;
}

/** Everything between an SDK client and the bus, with the events in a list and nothing exported. */
export function observedClients(options: ObservedClientsOptions = {}) {
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
  const { includeUsage = false, estimateUsage = false } = options;
  const fetches = new FetchObserver({
    store,
    tracker,
    diagnostics,
    content: policyOf(options.content, diagnostics),
    includeUsage,
    estimateUsage,
  });
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

export function policyOf(
  options: Partial<ContentPolicyOptions> | undefined,
  diagnostics: Diagnostics,
): ContentPolicy | undefined {
  if (options === undefined) return undefined;
  const patterns = Object.keys(redactionPatterns) as RedactionPattern[];
  return new ContentPolicy({
    capture: "full",
    target: "all",
    maxPartCharacters: 10_000,
    maxListCharacters: 100_000,
    toolSchemas: false,
    redactor: createRedactor({ keys: [], patterns }),
    diagnostics,
    ...options,
  });
}
