import {
  type Activity,
  type AgentTally,
  createEvent,
  type EndedActivity,
  type Event,
  type Links,
} from "../events/index.ts";

/** Agents, tools, retrievals and workflows: all that have a function which runs. */
export type RunnableActivity = Exclude<Activity, { kind: "approval" | "alert" }>;

export function startedEvent(activity: RunnableActivity, atMs: number, links: Links): Event {
  switch (activity.kind) {
    case "agent":
      return createEvent("agent_processing_started", activity.data, atMs, links);
    case "tool":
      return createEvent("tool_execution_started", activity.data, atMs, links);
    case "retrieval":
      return createEvent("retrieval_started", activity.data, atMs, links);
    case "workflow":
      return createEvent("workflow_started", activity.data, atMs, links);
  }
}

/** What is known when an activity has ended. */
export interface ActivityEnd extends EndedActivity {
  readonly atMs: number;
  readonly tally: AgentTally;
}

export function endedEvent(activity: RunnableActivity, end: ActivityEnd, links: Links): Event {
  const { ending } = end;
  return ending.outcome === "success"
    ? completedEvent(activity, end, links)
    : failedEvent(activity, { ...end, ending }, links);
}

function completedEvent(activity: RunnableActivity, end: ActivityEnd, links: Links): Event {
  const { atMs, tally, durationMs, content } = end;
  const completed = { outcome: "success", durationMs } as const;
  const said = content && { content };
  switch (activity.kind) {
    case "agent": {
      const data = { ...activity.data, ...tally, ...completed };
      return createEvent("agent_processing_completed", data, atMs, links);
    }
    case "tool": {
      const data = { ...activity.data, ...completed, ...said };
      return createEvent("tool_execution_completed", data, atMs, links);
    }
    case "retrieval": {
      const data = { ...activity.data, ...completed, ...said };
      return createEvent("retrieval_completed", data, atMs, links);
    }
    case "workflow":
      return createEvent("workflow_completed", { ...activity.data, ...completed }, atMs, links);
  }
}

type Failure = ActivityEnd & {
  readonly ending: Exclude<EndedActivity["ending"], { outcome: "success" }>;
};

function failedEvent(activity: RunnableActivity, end: Failure, links: Links): Event {
  const { atMs, tally, durationMs, content } = end;
  const { outcome, errorType } = end.ending;
  const failed = { outcome, errorType, durationMs };
  const said = content && { content };
  switch (activity.kind) {
    case "agent":
      return createEvent("agent_error", { ...activity.data, ...tally, ...failed }, atMs, links);
    case "tool": {
      const data = { ...activity.data, ...failed, ...said };
      return createEvent("tool_execution_failed", data, atMs, links);
    }
    case "retrieval": {
      const data = { ...activity.data, ...failed, ...said };
      return createEvent("retrieval_failed", data, atMs, links);
    }
    case "workflow":
      return createEvent("workflow_failed", { ...activity.data, ...failed }, atMs, links);
  }
}
