import * as units from "@grafana/grafana-foundation-sdk/units";

import { productMetrics } from "../../semconv/index.ts";
import { timeSeries } from "../panels/time-series.ts";
import { current, growth, orNone, perSecond, quantile } from "../queries.ts";
import type { Section } from "../section.ts";

/** What do agents and their tools do, how long does it take, and what do people decide? */
export function agentsSection(): Section {
  return {
    slug: "agents",
    title: "Agents and tools",
    collapsed: true,
    panels: [
      agentRuns(),
      agentDuration(),
      agentSwitches(),
      toolExecutions(),
      toolDuration(),
      toolRequests(),
      atWork(),
      errors(),
      decisions(),
      decisionTime(),
      pending(),
      alertsRaised(),
    ],
  };
}

function agentRuns() {
  const { agentRuns: runs } = productMetrics;
  return timeSeries({
    slug: "agent-runs",
    title: "Agent runs by outcome",
    description: "Runs of agents that ended, per second.",
    span: 8,
    unit: units.CountsPerSecond,
    queries: [{ expr: perSecond(runs, ["agent", "status"]), legend: "{{agent}} {{status}}" }],
  });
}

function agentDuration() {
  const { agentDuration: duration } = productMetrics;
  return timeSeries({
    slug: "agent-duration",
    title: "Agent duration p50, p95",
    description: "From the start of an agent to its end, that of the stream it returned included.",
    span: 8,
    unit: units.Seconds,
    queries: [
      { expr: quantile(0.5, duration, ["agent"]), legend: "{{agent}} p50" },
      { expr: quantile(0.95, duration, ["agent"]), legend: "{{agent}} p95", exemplars: true },
    ],
  });
}

function agentSwitches() {
  const { agentSwitches: switches } = productMetrics;
  return timeSeries({
    slug: "agent-switches",
    title: "Agent switches",
    description: "How often one agent handed over to another, between two points of the graph.",
    span: 8,
    unit: units.Short,
    queries: [
      {
        expr: orNone(growth(switches, ["from", "to"]), "from"),
        legend: "{{from}} → {{to}}",
      },
    ],
  });
}

function atWork() {
  const { agentActive, toolActive } = productMetrics;
  return timeSeries({
    slug: "agents-tools-active",
    title: "Agents and tools at work",
    description: "Agents that run, and tools that are executed.",
    span: 8,
    unit: units.Short,
    queries: [
      { expr: orNone(current(agentActive, ["agent"]), "agent"), legend: "agent {{agent}}" },
      { expr: orNone(current(toolActive, ["tool"]), "tool"), legend: "tool {{tool}}" },
    ],
  });
}

function toolRequests() {
  const { toolRequests: requests, toolApprovals } = productMetrics;
  return timeSeries({
    slug: "tool-requests",
    title: "Tool requests",
    description:
      "Executions of tools that were asked for, per second, and those of them that a person had to approve.",
    span: 8,
    unit: units.CountsPerSecond,
    queries: [
      { expr: perSecond(requests, ["tool"]), legend: "{{tool}}" },
      {
        expr: orNone(perSecond(toolApprovals, ["tool"]), "tool"),
        legend: "{{tool}} to be approved",
      },
    ],
  });
}

function toolExecutions() {
  const { toolExecutions: executions } = productMetrics;
  return timeSeries({
    slug: "tool-executions",
    title: "Tool executions by outcome",
    description: "Executions of tools that ended, per second.",
    span: 8,
    unit: units.CountsPerSecond,
    queries: [{ expr: perSecond(executions, ["tool", "status"]), legend: "{{tool}} {{status}}" }],
  });
}

function toolDuration() {
  const { toolDuration: duration } = productMetrics;
  return timeSeries({
    slug: "tool-duration",
    title: "Tool duration p50, p95",
    description: "From the start of a tool's execution to its end.",
    span: 8,
    unit: units.Seconds,
    queries: [
      { expr: quantile(0.5, duration, ["tool"]), legend: "{{tool}} p50" },
      { expr: quantile(0.95, duration, ["tool"]), legend: "{{tool}} p95", exemplars: true },
    ],
  });
}

function errors() {
  const { agentErrors, toolErrors } = productMetrics;
  return timeSeries({
    slug: "agent-tool-errors",
    title: "Agent and tool errors by type",
    description: "Agents and tools that ended in error, between two points of the graph.",
    span: 8,
    unit: units.Short,
    queries: [
      {
        expr: orNone(growth(agentErrors, ["agent", "error_type"]), "agent"),
        legend: "agent {{agent}} {{error_type}}",
      },
      {
        expr: orNone(growth(toolErrors, ["tool", "error_type"]), "tool"),
        legend: "tool {{tool}} {{error_type}}",
      },
    ],
  });
}

function decisions() {
  const { hitlRequests, hitlDecisions, hitlTimeouts } = productMetrics;
  return timeSeries({
    slug: "hitl-decisions",
    title: "Decisions of people",
    description:
      "What people were asked, what they decided, and what they left undecided, between two points of the graph.",
    span: 8,
    unit: units.Short,
    queries: [
      {
        expr: orNone(growth(hitlRequests, ["action"]), "action"),
        legend: "{{action}} asked",
      },
      {
        expr: orNone(growth(hitlDecisions, ["action", "decision"]), "action"),
        legend: "{{action}} {{decision}}",
      },
      {
        expr: orNone(growth(hitlTimeouts, ["action"]), "action"),
        legend: "{{action}} timed out",
      },
    ],
  });
}

function decisionTime() {
  const { hitlWait } = productMetrics;
  return timeSeries({
    slug: "hitl-wait",
    title: "Time to a decision p50, p95",
    description: "How long people took to decide.",
    span: 8,
    unit: units.Seconds,
    queries: [
      { expr: quantile(0.5, hitlWait, ["action"]), legend: "{{action}} p50" },
      { expr: quantile(0.95, hitlWait, ["action"]), legend: "{{action}} p95" },
    ],
  });
}

function alertsRaised() {
  const { alertEvents } = productMetrics;
  return timeSeries({
    slug: "alert-events",
    title: "Alerts of the application",
    description: "Alerts that the application raised by alert(), between two points of the graph.",
    span: 8,
    unit: units.Short,
    queries: [
      {
        expr: orNone(growth(alertEvents, ["alert", "severity"]), "alert"),
        legend: "{{alert}} {{severity}}",
      },
    ],
  });
}

function pending() {
  const { hitlPending } = productMetrics;
  return timeSeries({
    slug: "hitl-pending",
    title: "Decisions that are waited for",
    description: "Requests for a person's decision that wait for it.",
    span: 8,
    unit: units.Short,
    queries: [{ expr: orNone(current(hitlPending), "action"), legend: "waiting" }],
  });
}
