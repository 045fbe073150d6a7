import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { describe, expect, it } from "vitest";
import { observedActivities } from "../../test/support/observed-activities.ts";
import { policyOf } from "../../test/support/observed-clients.ts";
import type { ContentPolicyOptions } from "../calls/content/content-policy.ts";
import { createDiagnostics } from "../diagnostics/index.ts";
import { createRedactor } from "../redaction/index.ts";
import { createActivityAround } from "../sinks/spans/index.ts";
import { givenToRetrieval, givenToTool } from "./activity-recorder.ts";
import { describeRetrieval, describeTool } from "./describe-activity.ts";
import type { RetrievalSpec, ToolSpec } from "./specs.ts";

/** An application whose content is captured, or is not. */
function application(capturing?: Partial<ContentPolicyOptions>) {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const diagnostics = createDiagnostics({ write: () => {} });
  const observed = observedActivities({
    content: policyOf(capturing, diagnostics),
    around: createActivityAround(provider.getTracer("test")),
  });
  const { tracker, events } = observed;
  return {
    ...observed,
    losses: diagnostics.counters.dropped,
    tool: <T>(tool: string | ToolSpec, fn: () => T) =>
      tracker.run(
        (around) => describeTool(tool, around),
        fn,
        () => givenToTool(tool),
      ),
    retrieval: <T>(source: string | RetrievalSpec, fn: () => T) =>
      tracker.run(
        (around) => describeRetrieval(source, around),
        fn,
        () => givenToRetrieval(source),
      ),
    /** What the span has of content, and what the last event has. */
    said() {
      const names = ["gen_ai.tool.call.arguments", "gen_ai.tool.call.result"];
      const { attributes = {} } = exporter.getFinishedSpans().at(-1) ?? {};
      const last = events.at(-1)?.data;
      return {
        span: [...names, "gen_ai.retrieval.query.text"].map((name) => attributes[name]),
        event: last !== undefined && "content" in last ? last.content : undefined,
      };
    },
  };
}

const NOTHING = { span: [undefined, undefined, undefined], event: undefined };
const CALL = { name: "weather", arguments: '{"city":"Köln","apiKey":"k-1"}' };

describe("where content is captured", () => {
  it("a tool's arguments and result are, redacted, as JSON on its span and structured in its last event", async () => {
    const app = application({});
    const result = { degrees: 7, askedBy: "joe@example.org" };
    expect(await app.tool(CALL, async () => result)).toBe(result);
    const shown = {
      arguments: { city: "Köln", apiKey: "[REDACTED:key]" },
      result: { degrees: 7, askedBy: "[REDACTED:email]" },
    };
    expect(app.said()).toEqual({
      span: [JSON.stringify(shown.arguments), JSON.stringify(shown.result), undefined],
      event: shown,
    });
    expect(app.ofType("tool_execution_started")[0]?.data).not.toHaveProperty("content");
  });

  it("what a tool was given is what it was before the tool changed it", () => {
    const app = application({});
    const given = { city: "Köln" };
    app.tool({ name: "weather", arguments: given }, () => void (given.city = "Bonn"));
    expect(app.said().event).toEqual({ arguments: { city: "Köln" } });
  });

  it("a tool that fails has its arguments, and nothing of its error", () => {
    const app = application({});
    const failing = () => {
      throw new Error("secret");
    };
    expect(() => app.tool(CALL, failing)).toThrow("secret");
    expect(app.said().event).toEqual({ arguments: { city: "Köln", apiKey: "[REDACTED:key]" } });
  });

  it("a text is told as it is, a stream and a function not at all", async () => {
    const app = application({});
    app.tool("weather", () => "rainy");
    expect(app.said()).toEqual({
      span: [undefined, "rainy", undefined],
      event: { result: "rainy" },
    });
    app.tool("weather", () => () => 7);
    expect(app.said()).toEqual(NOTHING);
    for await (const _ of app.tool("weather", async function* () {
      yield "rainy";
    }));
    expect(app.said()).toEqual(NOTHING);
  });

  it("a search's query is, and not what it found", () => {
    const app = application({});
    app.retrieval({ dataSourceId: "notes", query: "notes of joe@example.org" }, () => ["secret"]);
    const query = "notes of [REDACTED:email]";
    expect(app.said()).toEqual({ span: [undefined, undefined, query], event: { query } });
  });

  it.each(["spans", "events"] as const)("it may go to %s alone", (target) => {
    const app = application({ target });
    app.tool("weather", () => "rainy");
    const { span, event } = app.said();
    expect(span[1]).toBe(target === "spans" ? "rainy" : undefined);
    expect(event).toEqual(target === "events" ? { result: "rainy" } : undefined);
  });

  it("nothing is shown, and that is counted, where any of it can't be redacted", () => {
    const custom = (text: string) => {
      if (text.includes("rainy")) throw new Error("no");
      return text;
    };
    const app = application({ redactor: createRedactor({ keys: [], patterns: [], custom }) });
    expect(app.tool(CALL, () => "rainy")).toBe("rainy");
    expect(app.said()).toEqual(NOTHING);
    expect([...app.losses.values()]).toEqual([
      { destination: "content", reason: "redaction_failed", count: 1 },
    ]);
  });
});

it.each([
  ["content is not captured", undefined],
  ["only its shape is captured", { capture: "metadata" } as const],
])("where %s, nothing is read of what a tool is given and gives back", (_, capturing) => {
  const app = application(capturing);
  const unreadable = {
    get city(): string {
      throw new Error("read");
    },
  };
  expect(app.tool({ name: "weather", arguments: unreadable }, () => unreadable)).toBe(unreadable);
  expect(app.said()).toEqual(NOTHING);
  expect([...app.losses.values()]).toEqual([]);
});
