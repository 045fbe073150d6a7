// The events of an application whose agents answer: ten a turn, as a real one publishes them.
import { createEvent } from "../src/events/index.ts";

const MODELS = ["gpt-4o-mini", "gpt-4o", "claude-sonnet-4-5"];
const TOOLS = ["search", "refund", "send_mail"];
/** One turn in so many: its last call fails. */
const FAILS_EVERY = 20;

export const EVENTS_PER_TURN = 10;
export const isFailing = (turn) => turn % FAILS_EVERY === FAILS_EVERY - 1;

/**
 * What is the same for all turns of a session is made once: events are measured, not the making of what they tell. `now`
 * gives the time of each event.
 */
export function createTurns(sessions, now = Date.now) {
  const all = Array.from({ length: sessions }, (_, index) => dataOf(index));
  /** Publishes turn number `turn`, of one session after the other. */
  return (publish, turn) => {
    const { sessionId, agent, call, tool } = all[turn % sessions];
    const correlationId = `correlation-${turn}`;
    const say = (type, data, causationId) => {
      const links = { sessionId, correlationId, causationId };
      const event = createEvent(type, data, now(), links);
      publish(event);
      return event.id;
    };
    const begun = say("agent_processing_started", agent.started);
    const first = say("llm_request_started", call.started, begun);
    const asked = say("llm_request_completed", call.completed, first);
    const requested = say("tool_execution_requested", tool.started, asked);
    const executed = say("tool_execution_started", tool.started, requested);
    say("tool_execution_completed", tool.completed, executed);
    const second = say("llm_request_started", call.started, begun);
    if (isFailing(turn)) say("llm_request_failed", call.failed, second);
    else say("llm_request_completed", call.completed, second);
    say("session_message_added", { role: "assistant" });
    say("agent_processing_completed", agent.completed, begun);
  };
}

function dataOf(index) {
  const sessionId = `session-${index}`;
  const context = { sessionId, userId: `user-${index % 50}`, tags: ["bench"] };
  const agent = { agent: `agent-${index % 4}`, context };
  const tool = { tool: TOOLS[index % TOOLS.length], agent: agent.agent, context };
  const succeeded = { outcome: "success", durationMs: 120 };
  return {
    sessionId,
    agent: {
      started: agent,
      completed: { ...agent, ...succeeded, llmCalls: 2, toolCalls: 1 },
    },
    tool: { started: tool, completed: { ...tool, ...succeeded } },
    call: callOf(MODELS[index % MODELS.length], context),
  };
}

function callOf(model, context) {
  const started = {
    provider: model.startsWith("claude") ? "anthropic" : "openai",
    model,
    operation: "chat",
    wireFormat: "openai.chat_completions",
    stream: true,
    messagesCount: 3,
    toolsCount: 2,
    serverAddress: "api.openai.com",
    serverPort: 443,
    parameters: { temperature: 0.2, maxTokens: 500 },
    context,
  };
  const ended = {
    ...started,
    headersMs: 300,
    timeToFirstTokenMs: 350,
    attempts: [{ result: "ok", durationMs: 300 }],
    httpStatus: 200,
  };
  return {
    started,
    completed: {
      ...ended,
      outcome: "success",
      durationMs: 1_200,
      responseId: "chatcmpl-1",
      responseModel: model,
      finishReasons: ["stop"],
      toolCallsCount: 1,
      usage: { inputTokens: 900, outputTokens: 80, cacheReadTokens: 512 },
      cost: { totalUsd: 0.0002, inputUsd: 0.00015, outputUsd: 0.00005, source: "table" },
    },
    failed: {
      ...ended,
      outcome: "error",
      errorType: "500",
      durationMs: 900,
      httpStatus: 500,
      finishReasons: [],
      toolCallsCount: 0,
    },
  };
}
