import { randomUUID } from "node:crypto";
import { type CallStore, GuardedEnclosure, monotonicNow, type Now } from "../calls/index.ts";
import type { Diagnostics } from "../diagnostics/index.ts";
import { errorName } from "../errors/index.ts";
import {
  type ActivityAround,
  type ActivityEnding,
  type ApprovalData,
  type ApprovalTimeoutData,
  createEvent,
  type Decision,
  idFrom,
  type Links,
  type Publish,
} from "../events/index.ts";
import { describeApproval, nameFrom } from "./describe-activity.ts";
import type { ApprovalSpec } from "./specs.ts";

/** Requests that may wait; past it the oldest is given up. */
const MAX_PENDING = 1_000;

/** A request for a person's decision. Ends once; what is told afterwards changes nothing. */
export interface Approval {
  readonly id: string;
  /** `actor`: who decided; in events only. */
  decide(decision: Decision, actor?: string): void;
  /** Nobody decided in time. */
  timeout(): void;
}

export interface ApprovalsOptions {
  readonly store: CallStore;
  readonly publish: Publish;
  readonly around: ActivityAround;
  readonly diagnostics: Diagnostics;
  readonly now?: Now;
}

type Ending =
  | { readonly decision: Decision; readonly actor: string | undefined }
  | { readonly reason: ApprovalTimeoutData["reason"] };

type End = (ending: Ending) => void;

/** Requests for decisions of people, and what comes of them. Whether to wait, and what follows, is the application's. */
export class Approvals {
  readonly #options: ApprovalsOptions;
  readonly #now: Now;
  /** Oldest first. */
  readonly #pending = new Set<End>();
  #stopped = false;

  constructor(options: ApprovalsOptions) {
    this.#options = options;
    this.#now = options.now ?? monotonicNow;
  }

  request(approval: string | ApprovalSpec): Approval {
    const id = approvalIdOf(approval);
    if (this.#stopped) return unobservedApproval(id);
    try {
      return this.#request(approval, id);
    } catch (error) {
      const { diagnostics } = this.#options;
      const message = `a request for approval could not be observed (${errorName(error)})`;
      diagnostics.warnOnce("activities", "approval not observed", message);
      diagnostics.dropped("activities", "not_observed", 1);
      return unobservedApproval(id);
    }
  }

  /** No more requests: those that wait are given up, so that none is lost. */
  shutdown(): void {
    this.#stopped = true;
    for (const end of this.#pending) end({ reason: "shutdown" });
  }

  #request(approval: string | ApprovalSpec, id: string): Approval {
    const { store, around, diagnostics, publish } = this.#options;
    const { context, activity: parent } = store;
    const data = describeApproval(approval, { context, parent }, id);
    const startedAtMs = this.#now();
    const correlationId = parent?.correlationId ?? randomUUID();
    const span = around.open(
      { kind: "approval", data },
      startedAtMs,
      correlationId,
      parent?.enclosure,
    );
    const enclosure = new GuardedEnclosure(span, diagnostics);
    const { traceId, spanId } = enclosure;
    const links: Links = { correlationId, sessionId: context.sessionId, traceId, spanId };
    const causationId = this.#announce(data, startedAtMs, links, parent?.startedId);
    const end: End = (ending) => {
      if (!this.#pending.delete(end)) return;
      clearTimeout(timer);
      const atMs = this.#now();
      const waitedMs = atMs - startedAtMs;
      enclosure.close({ ending: endingOf(ending), durationMs: waitedMs });
      publish(endedEvent({ ...data, waitedMs }, ending, atMs, { ...links, causationId }));
    };
    this.#wait(end);
    const timer = startTimer(approval, () => end({ reason: "timeout" }));
    return {
      id,
      decide: (decision, actor) => end({ decision: nameFrom(decision), actor }),
      timeout: () => end({ reason: "timeout" }),
    };
  }

  /** Returns the id of the event that asks. */
  #announce(
    data: ApprovalData,
    atMs: number,
    links: Links,
    causationId: string | undefined,
  ): string {
    const { publish } = this.#options;
    const { tool } = data;
    let cause = causationId;
    if (tool !== undefined) {
      const required = createEvent("tool_approval_required", { ...data, tool }, atMs, {
        ...links,
        causationId: cause,
      });
      publish(required);
      cause = required.id;
    }
    const requested = createEvent("hitl_approval_requested", data, atMs, {
      ...links,
      causationId: cause,
    });
    publish(requested);
    return requested.id;
  }

  #wait(end: End): void {
    if (this.#pending.size >= MAX_PENDING) {
      const [oldest] = this.#pending;
      oldest?.({ reason: "evicted" });
    }
    this.#pending.add(end);
  }
}

/** The longest time that a timer of Node.js takes; it fires at once for a longer one. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** Holds no process open. */
function startTimer(approval: string | ApprovalSpec, onTimeout: () => void) {
  const { timeoutMs } = typeof approval === "string" ? {} : approval;
  if (typeof timeoutMs !== "number" || !(timeoutMs >= 0)) return undefined;
  return setTimeout(onTimeout, Math.min(timeoutMs, MAX_TIMEOUT_MS)).unref();
}

/** A request that nobody hears of. */
export function unobservedApproval(id: string): Approval {
  return { id, decide: () => {}, timeout: () => {} };
}

export function approvalIdOf(approval: string | ApprovalSpec): string {
  const { id } = typeof approval === "string" ? {} : (approval ?? {});
  return idFrom(id) ?? randomUUID();
}

function endingOf(ending: Ending): ActivityEnding {
  return "decision" in ending
    ? { outcome: "success", decision: ending.decision }
    : { outcome: "abandoned", errorType: ending.reason };
}

function endedEvent(
  data: ApprovalData & { readonly waitedMs: number },
  ending: Ending,
  atMs: number,
  links: Links,
) {
  if ("reason" in ending) {
    return createEvent("hitl_timeout", { ...data, reason: ending.reason }, atMs, links);
  }
  const { decision, actor } = ending;
  const who = idFrom(actor);
  const decided = { ...data, decision, ...(who !== undefined && { actor: who }) };
  return createEvent("hitl_decision_made", decided, atMs, links);
}
