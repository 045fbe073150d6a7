import * as units from "@grafana/grafana-foundation-sdk/units";

import { productMetrics } from "../../semconv/index.ts";
import { tablePanel } from "../panels/table.ts";
import { timeSeries } from "../panels/time-series.ts";
import { current, growth, orNone, perSecond } from "../queries.ts";
import type { Section } from "../section.ts";

/** Can these numbers be trusted? */
export function telemetrySection(): Section {
  return {
    slug: "telemetry",
    title: "Telemetry health",
    collapsed: true,
    panels: [dropped(), exported(), faults(), blindSpots(), events(), queues(), versions()],
  };
}

function dropped() {
  const { telemetryDropped } = productMetrics;
  const expr = growth(telemetryDropped, ["destination", "reason"]);
  return timeSeries({
    slug: "telemetry-dropped",
    title: "Telemetry dropped",
    description: "Spans, events and log lines that were lost between two points of the graph.",
    span: 8,
    unit: units.Short,
    queries: [{ expr: orNone(expr, "destination"), legend: "{{destination}} {{reason}}" }],
  });
}

function exported() {
  const { telemetryExported } = productMetrics;
  const expr = perSecond(telemetryExported, ["destination"]);
  return timeSeries({
    slug: "telemetry-exported",
    title: "Telemetry exported",
    description: "What each destination accepted, per second.",
    span: 8,
    unit: units.CountsPerSecond,
    queries: [{ expr: orNone(expr, "destination"), legend: "{{destination}}" }],
  });
}

function faults() {
  const { eventHandlerErrors, labelOverflow, recordsEvicted } = productMetrics;
  return timeSeries({
    slug: "internal-faults",
    title: "Handler errors, label overflow, evictions",
    description:
      "Event handlers that failed, and label values that were counted as `other` because their metric was full, records of sessions and users that made room for others.",
    span: 8,
    unit: units.Short,
    queries: [
      {
        expr: orNone(growth(eventHandlerErrors, ["handler"]), "handler"),
        legend: "handler: {{handler}}",
      },
      {
        expr: orNone(growth(labelOverflow, ["metric"]), "metric"),
        legend: "overflow: {{metric}}",
      },
      {
        expr: orNone(growth(recordsEvicted, ["record"]), "record"),
        legend: "evicted: {{record}}",
      },
    ],
  });
}

function blindSpots() {
  const { uninstrumentedRequests, unclassifiedRequests } = productMetrics;
  return timeSeries({
    slug: "uninstrumented-requests",
    title: "Requests in no other panel",
    description:
      "Requests to known providers that went past every observed client, and those of observed clients that are no LLM operation, such as files or batches.",
    span: 8,
    unit: units.Short,
    queries: [
      {
        expr: orNone(growth(uninstrumentedRequests, ["provider"]), "provider"),
        legend: "not observed: {{provider}}",
      },
      {
        expr: orNone(growth(unclassifiedRequests, ["provider", "api"]), "provider"),
        legend: "no operation: {{provider}} {{api}}",
      },
    ],
  });
}

function events() {
  const { eventsFiltered, eventsPublished } = productMetrics;
  return timeSeries({
    slug: "events-published",
    title: "Events published by type",
    description: "Events on the bus, and those that a middleware dropped before, per second.",
    span: 8,
    unit: units.CountsPerSecond,
    queries: [
      { expr: perSecond(eventsPublished, ["type"]), legend: "{{type}}" },
      {
        expr: orNone(perSecond(eventsFiltered, ["type"]), "type"),
        legend: "filtered: {{type}}",
      },
    ],
  });
}

function queues() {
  const { eventQueueLength } = productMetrics;
  return timeSeries({
    slug: "event-queues",
    title: "Events that wait",
    description:
      "Events in the queue of each subscriber that has one; past its limit they are dropped.",
    span: 8,
    unit: units.Short,
    queries: [
      {
        expr: orNone(current(eventQueueLength, ["handler"]), "handler"),
        legend: "{{handler}}",
      },
    ],
  });
}

function versions() {
  const { buildInfo } = productMetrics;
  return tablePanel({
    slug: "versions",
    title: "Versions",
    description: "What runs where: the toolkit, its price table, Node.js, and how many processes.",
    span: 24,
    labels: { job: "Job", version: "Toolkit", price_table: "Price table", node: "Node.js" },
    sortBy: "Processes",
    values: [
      {
        title: "Processes",
        expr: current(buildInfo, ["job", "version", "price_table", "node"]),
        unit: units.Short,
        decimals: 0,
      },
    ],
  });
}
