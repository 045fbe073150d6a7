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
  activeAtMs: number;
  requests: number;
  totalTokens: number;
  costUsd: number;
}

/** Which sessions are active, and what each has used. Bounded; nothing ticks: expiry is seen when somebody looks. */
export function createSessions(options: SessionsOptions): Sessions {
  /** Least recently active first. */
  const sessions = new Map<string, Session>();

  function touch(id: string, session: Session): void {
    session.activeAtMs = options.now();
    sessions.delete(id);
    sessions.set(id, session);
  }

  function start(id: string, metadata?: CallContext["metadata"], userId?: string): Session {
    expire();
    const known = sessions.get(id);
    if (known) {
      touch(id, known);
      return known;
    }
    const now = options.now();
    const session = newSession(now);
    evictOldest();
    sessions.set(id, session);
    const data = describe(metadata, userId);
    options.publish(createEvent("session_started", data, now, { sessionId: id }));
    return session;
  }

  function update(id: string, said: SessionUpdatedData): void {
    const { activeAtMs } = start(id);
    const data = describe(metadataFrom(said?.metadata), idFrom(said?.userId));
    options.publish(createEvent("session_updated", data, activeAtMs, { sessionId: id }));
  }

  function addMessage(id: string, message: SessionMessageAddedData): void {
    const { activeAtMs } = start(id);
    const messageId = idFrom(message?.messageId);
    const data = { role: roleOf(message), ...(messageId !== undefined && { messageId }) };
    options.publish(createEvent("session_message_added", data, activeAtMs, { sessionId: id }));
  }

  function finish(id: string, session: Session, reason: SessionEndedData["reason"]): void {
    sessions.delete(id);
    const now = options.now();
    const { startedAtMs, activeAtMs, ...totals } = session;
    const durationMs = (reason === "ended" ? now : activeAtMs) - startedAtMs;
    const data: SessionEndedData = { durationMs, ...totals, reason };
    options.publish(createEvent("session_ended", data, now, { sessionId: id }));
  }

  function expire(): void {
    const limit = options.now() - options.idleMs;
    for (const [id, session] of sessions) {
      if (session.activeAtMs > limit) return;
      finish(id, session, "expired");
    }
  }

  function evictOldest(): void {
    if (sessions.size < options.maxActive) return;
    for (const [id, session] of sessions) return finish(id, session, "evicted");
  }

  function count(event: TerminalEvent): void {
    const { sessionId } = event.data.context;
    if (sessionId === undefined) return;
    const session = sessions.get(sessionId);
    if (session === undefined) return;
    touch(sessionId, session);
    addCall(session, event);
  }

  return {
    name: "sessions",
    priority: 15,
    types: TYPES,
    start: (given, metadata, userId) =>
      named(given, (id) => void start(id, metadataFrom(metadata), userId)),
    update: (given, said) => named(given, (id) => update(id, said)),
    addMessage: (given, message) => named(given, (id) => addMessage(id, message)),
    end(given) {
      expire();
      named(given, (id) => {
        const session = sessions.get(id);
        if (session) finish(id, session, "ended");
      });
    },
    activeCount() {
      expire();
      return sessions.size;
    },
    endAll() {
      expire();
      for (const [id, session] of sessions) finish(id, session, "ended");
    },
    handle(event: Event) {
      if (event.type === "llm_request_completed" || event.type === "llm_request_failed") {
        count(event);
      } else if ("context" in event.data) {
        const { sessionId, userId } = event.data.context;
        if (sessionId !== undefined) start(sessionId, undefined, userId);
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

function newSession(nowMs: number): Session {
  return { startedAtMs: nowMs, activeAtMs: nowMs, requests: 0, totalTokens: 0, costUsd: 0 };
}

function addCall(session: Session, { data: { usage, cost } }: TerminalEvent): void {
  session.requests += 1;
  session.totalTokens += (usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0);
  session.costUsd += cost?.totalUsd ?? 0;
}

function describe(metadata: CallContext["metadata"], userId: string | undefined) {
  return {
    ...(userId !== undefined && { userId }),
    ...(metadata && { metadata }),
  };
}
