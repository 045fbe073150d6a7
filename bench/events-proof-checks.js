// What must be true of so many turns, whoever has counted them.
import { EVENTS_PER_TURN, isFailing } from "./event-turns.js";

/** What the package says of its own accord, at a time of its own. */
const OF_ITS_OWN = new Set([
  "session_started",
  "session_ended",
  "system_started",
  "system_stopped",
]);

/** Listens as an application's own subscriber would: counts events, and sees whether each session's come in order. */
export function createWitness() {
  const lastOf = new Map();
  const witness = { seen: 0, outOfOrder: 0 };
  const handle = ({ type, sessionId, timestamp }) => {
    if (OF_ITS_OWN.has(type)) return;
    witness.seen += 1;
    if ((lastOf.get(sessionId) ?? -1) >= timestamp) witness.outOfOrder += 1;
    lastOf.set(sessionId, timestamp);
  };
  return { witness, handle };
}

/** The numbers that `turns` turns of `sessions` sessions come to, by what they are called in a report. */
export function expectedTotals(turns, sessions) {
  let failed = 0;
  for (let turn = 0; turn < turns; turn += 1) if (isFailing(turn)) failed += 1;
  const requests = 2 * turns;
  const succeeded = requests - failed;
  return {
    sessions,
    requests,
    failed,
    promptTokens: 900 * succeeded,
    completionTokens: 80 * succeeded,
    costMicroUsd: 200 * succeeded,
    agentRuns: turns,
    toolExecutions: turns,
    events: turns * EVENTS_PER_TURN,
  };
}

/** The same numbers as the collectors have them. */
export function collectedTotals({ sinks, bus }) {
  const records = recordsOf(sinks.sessionMetrics);
  const sum = (key) => records.reduce((total, record) => total + record[key], 0);
  const { metrics } = sinks.eventMetrics.snapshot();
  const { publishedByType } = bus.statistics;
  const ours = [...publishedByType].filter(([type]) => !OF_ITS_OWN.has(type));
  return {
    sessions: records.length,
    requests: sum("total_requests"),
    failed: sum("failed_requests"),
    promptTokens: sum("total_prompt_tokens"),
    completionTokens: sum("total_completion_tokens"),
    costMicroUsd: Math.round(sum("total_cost_usd") * 1e6),
    agentRuns: metrics.agent_processing.completed,
    toolExecutions: metrics.tool_executions.completed,
    events: ours.reduce((total, [, count]) => total + count, 0),
  };
}

function recordsOf(sessionMetrics) {
  const records = [];
  let cursor;
  do {
    const page = sessionMetrics.list({ limit: 100, requests: false, ...(cursor && { cursor }) });
    records.push(...page.sessions);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return records;
}

/** The same numbers as Prometheus gets them; it has no sessions. */
export async function scrapedTotals(exposition) {
  const page = await exposition.text();
  const sum = (metric, label = "") =>
    page
      .split("\n")
      .filter((line) => line.startsWith(`${metric}{`) && line.includes(label))
      .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(" "))), 0);
  return {
    requests: sum("rlm_requests_total"),
    failed: sum("rlm_requests_total", 'status="error"'),
    promptTokens: sum("rlm_tokens_total", 'type="prompt"'),
    completionTokens: sum("rlm_tokens_total", 'type="completion"'),
    costMicroUsd: Math.round(sum("rlm_cost_usd_total") * 1e6),
    agentRuns: sum("rlm_agent_runs_total", 'status="success"'),
    toolExecutions: sum("rlm_tool_executions_total", 'status="success"'),
  };
}
