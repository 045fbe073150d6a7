import { randomUUID } from "node:crypto";
import { type CallStore, GuardedEnclosure, monotonicNow, type Now } from "../calls/index.ts";
import type { Diagnostics } from "../diagnostics/index.ts";
import { errorName } from "../errors/index.ts";
import {
  type ActivityAround,
  createEvent,
  type Publish,
  type SystemAlertData,
} from "../events/index.ts";
import { nameFrom } from "./describe-activity.ts";

const MAX_MESSAGE_LENGTH = 2_000;
const SEVERITIES: readonly unknown[] = [
  "info",
  "warning",
  "critical",
] satisfies SystemAlertData["severity"][];

export interface AlertsOptions {
  readonly store: CallStore;
  readonly publish: Publish;
  readonly around: ActivityAround;
  readonly diagnostics: Diagnostics;
  readonly now?: Now;
}

/** Alerts of the application's own: a span without length and an event, which belong to what they are raised in. */
export class Alerts {
  readonly #options: AlertsOptions;
  readonly #now: Now;

  constructor(options: AlertsOptions) {
    this.#options = options;
    this.#now = options.now ?? monotonicNow;
  }

  raise(alert: SystemAlertData): void {
    try {
      this.#raise(alertFrom(alert));
    } catch (error) {
      const { diagnostics } = this.#options;
      const message = `an alert could not be observed (${errorName(error)})`;
      diagnostics.warnOnce("activities", "alert not observed", message);
      diagnostics.dropped("activities", "not_observed", 1);
    }
  }

  #raise(alert: SystemAlertData): void {
    const { store, around, diagnostics, publish } = this.#options;
    const { context, activity: parent } = store;
    const atMs = this.#now();
    const correlationId = parent?.correlationId ?? randomUUID();
    const activity = { kind: "alert", data: { ...alert, context } } as const;
    const span = around.open(activity, atMs, correlationId, parent?.enclosure);
    const enclosure = new GuardedEnclosure(span, diagnostics);
    enclosure.close({ ending: { outcome: "success" }, durationMs: 0 });
    const { traceId, spanId } = enclosure;
    const { sessionId } = context;
    const links = { sessionId, correlationId, causationId: parent?.startedId, traceId, spanId };
    publish(createEvent("system_alert", alert, atMs, links));
  }
}

/** Applications in JavaScript may hand over anything. */
function alertFrom({ name, severity, message }: SystemAlertData): SystemAlertData {
  return {
    name: nameFrom(name),
    severity: SEVERITIES.includes(severity) ? severity : "warning",
    message: typeof message === "string" ? message.slice(0, MAX_MESSAGE_LENGTH) : "",
  };
}
