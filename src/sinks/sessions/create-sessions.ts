import {
  createEvent,
  type CallContext,
  type Event,
  type EventType,
  idFrom,
  type MessageRole,
  metadataFrom,
  type Publish,
  type SessionEndedData,
  type SessionMessageAddedData,
  type SessionUpdatedData,
  type Sink,
  type TerminalEvent,
} from "../../events/index.ts";
import { UsdSum } from "../../pricing/index.ts";
import { RecentMap } from "../../retention/index.ts";

export interface SessionsOptions {
  readonly publish: Publish;
  /** Sessions held at the most; the one idle longest is evicted. */
  readonly maxActive: number;
  /** Milliseconds without a call after which a session has expired. */
  readonly idleMs: number;
  /** Unix epoch in milliseconds. */
  readonly now: () => number;
}

const TYPES: readonly EventType[] = [
  "llm_request_started",
  "llm_request_completed",
  "llm_request_failed",
  "agent_processing_started",
  "tool_execution_requested",
  "retrieval_started",
  "workflow_started",
  "hitl_approval_requested",
];

export interface Sessions extends Sink {
  /** Starts a session; one that is active already goes on. */
  start(id: string, metadata?: CallContext["metadata"], userId?: string): void;
  /** Says something anew of a session; starts it if it is not active. */
  update(id: string, update: SessionUpdatedData): void;
  /** Says that something was said in a session; starts it if it is not active. */
  addMessage(id: string, message: SessionMessageAddedData): void;
  /** Ends a session; does nothing if none of that id is active. */
  end(id: string): void;
  /** Sessions that have neither ended nor expired. */
  activeCount(): number;
  /** Ends all, as at shutdown. */
  endAll(): void;
}

interface Session {
  readonly startedAtMs: number;
  requests: number;
  totalTokens: number;
  readonly cost: UsdSum;
}

/** Which sessions are active, and what each has used. Bounded; expiry is seen when somebody looks. */
export function createSessions(options: SessionsOptions): Sessions {
  const { publish, now } = options;
  const sessions = new RecentMap<Session>({
    maxSize: options.maxActive,
    idleMs: options.idleMs,
    now,
    onDropped: ({ key, value, usedAtMs }, reason) => {
      publish(endedEvent(key, value, { reason, untilMs: usedAtMs, nowMs: now() }));
    },
  });

  function start(id: string, nowMs: number, said?: Said): void {
    if (sessions.use(id, nowMs)) return;
    const cost = new UsdSum();
    sessions.add(id, { startedAtMs: nowMs, requests: 0, totalTokens: 0, cost }, nowMs);
    publish(createEvent("session_started", describe(said), nowMs, { sessionId: id }));
  }

  function update(id: string, said: SessionUpdatedData): void {
    const nowMs = now();
    start(id, nowMs);
    publish(createEvent("session_updated", describe(said), nowMs, { sessionId: id }));
  }

  function addMessage(id: string, message: SessionMessageAddedData): void {
    const nowMs = now();
    start(id, nowMs);
    const messageId = idFrom(message?.messageId);
    const data = { role: roleOf(message), ...(messageId !== undefined && { messageId }) };
    publish(createEvent("session_message_added", data, nowMs, { sessionId: id }));
  }

  function end(id: string): void {
    const session = sessions.get(id);
    if (session === undefined) return;
    sessions.delete(id);
    const nowMs = now();
    publish(endedEvent(id, session, { reason: "ended", untilMs: nowMs, nowMs }));
  }

  function count({ data: { context, usage, cost } }: TerminalEvent): void {
    const session = context.sessionId === undefined ? undefined : sessions.use(context.sessionId);
    if (session === undefined) return;
    session.requests += 1;
    session.totalTokens += (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0);
    session.cost.add(cost?.totalUsd ?? 0);
  }

  return {
    name: "sessions",
    priority: 15,
    types: TYPES,
    start: (given, metadata, userId) =>
      named(given, (id) => start(id, now(), { metadata, userId })),
    update: (given, said) => named(given, (id) => update(id, said)),
    addMessage: (given, message) => named(given, (id) => addMessage(id, message)),
    end: (given) => named(given, end),
    activeCount: () => sessions.size,
    endAll() {
      for (const { key } of sessions.entries()) end(key);
    },
    handle(event: Event) {
      if (event.type === "llm_request_completed" || event.type === "llm_request_failed") {
        count(event);
      } else if ("context" in event.data) {
        const { sessionId, userId } = event.data.context;
        if (sessionId !== undefined) start(sessionId, now(), { userId });
      }
    },
  };
}

/** Applications in JavaScript may hand over anything: what is no id is no session. */
function named(given: unknown, fn: (id: string) => void): void {
  const id = idFrom(given);
  if (id !== undefined) fn(id);
}

const ROLES: ReadonlySet<MessageRole> = new Set([
  "system",
  "developer",
  "user",
  "assistant",
  "tool",
  "other",
]);

function roleOf(message: SessionMessageAddedData | undefined): MessageRole {
  return message && ROLES.has(message.role) ? message.role : "other";
}

/** What is said of a session; from an application in JavaScript, anything. */
interface Said {
  readonly userId?: unknown;
  readonly metadata?: unknown;
}

interface End {
  readonly reason: SessionEndedData["reason"];
  readonly untilMs: number;
  readonly nowMs: number;
}

function endedEvent(id: string, session: Session, { reason, untilMs, nowMs }: End) {
  const { startedAtMs, requests, totalTokens, cost } = session;
  const durationMs = untilMs - startedAtMs;
  const data = { durationMs, requests, totalTokens, costUsd: cost.usd, reason };
  return createEvent("session_ended", data, nowMs, { sessionId: id });
}

function describe(said: Said | undefined): SessionUpdatedData {
  const userId = idFrom(said?.userId);
  const metadata = metadataFrom(said?.metadata);
  return { ...(userId !== undefined && { userId }), ...(metadata && { metadata }) };
}
