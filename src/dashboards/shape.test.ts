import { Ajv } from "ajv";
import { expect, test } from "vitest";

import { llmOverview } from "./llm-overview.ts";

const gridPos = {
  type: "object",
  additionalProperties: false,
  required: ["x", "y", "w", "h"],
  properties: {
    x: { type: "integer", minimum: 0, maximum: 23 },
    y: { type: "integer", minimum: 0 },
    w: { type: "integer", minimum: 1, maximum: 24 },
    h: { type: "integer", minimum: 1 },
  },
};

const dataSource = {
  type: "object",
  additionalProperties: false,
  required: ["type", "uid"],
  properties: { type: { const: "prometheus" }, uid: { type: "string" } },
};

/** What Grafana reads of a classic dashboard (schema version 42), as far as this package writes it. */
const schema = {
  type: "object",
  required: ["uid", "title", "schemaVersion", "panels", "templating", "annotations", "time"],
  // Both would contradict the provider, and since 12.4 Grafana rejects a file that does.
  not: { anyOf: [{ required: ["folderUid"] }, { required: ["orgId"] }, { required: ["id"] }] },
  properties: {
    panels: { type: "array", items: { $ref: "#/definitions/panel" } },
    templating: {
      type: "object",
      required: ["list"],
      properties: {
        list: {
          type: "array",
          items: {
            type: "object",
            required: ["type", "name", "label", "query"],
            // Objects are for the query editor only: https://github.com/grafana/dashboard-linter expects text.
            properties: { query: { type: "string" } },
          },
        },
      },
    },
    annotations: {
      type: "object",
      properties: {
        list: {
          type: "array",
          items: {
            type: "object",
            required: ["name", "datasource", "enable", "iconColor", "expr"],
            properties: { datasource: dataSource },
          },
        },
      },
    },
  },
  definitions: {
    panel: {
      type: "object",
      required: ["id", "type", "gridPos"],
      properties: {
        id: { type: "integer", minimum: 1 },
        type: { enum: ["row", "text", "stat", "table", "timeseries"] },
        gridPos,
        panels: { type: "array", items: { $ref: "#/definitions/panel" } },
        datasource: dataSource,
        targets: {
          type: "array",
          items: {
            type: "object",
            required: ["refId", "expr", "datasource"],
            properties: {
              refId: { type: "string", pattern: "^[A-Z]$" },
              expr: { type: "string", minLength: 1 },
              datasource: dataSource,
            },
          },
        },
      },
    },
  },
};

test("the dashboard has the shape that Grafana provisions", () => {
  const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);
  validate(llmOverview());
  expect(validate.errors).toBeNull();
});

test("two runs give the same text", () => {
  expect(JSON.stringify(llmOverview())).toBe(JSON.stringify(llmOverview()));
});
