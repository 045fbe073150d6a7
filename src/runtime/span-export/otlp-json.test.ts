import { type Attributes, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { JsonTraceSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import fc from "fast-check";
import { expect, it } from "vitest";
import { otlpJson } from "./otlp-json.ts";

const text = fc.string({ unit: "binary", maxLength: 12 });
const value = fc.oneof(
  text,
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.array(text, { maxLength: 3 }),
  fc.array(fc.double(), { maxLength: 3 }),
);
const attributes = fc.dictionary(text, value, { maxKeys: 6 }) as fc.Arbitrary<Attributes>;
const time = fc.tuple(
  fc.integer({ min: 0, max: 4_000_000_000 }),
  fc.integer({ min: 0, max: 999_999_999 }),
);
const span = fc.record({
  name: text,
  scope: fc.constantFrom("a", "b"),
  kind: fc.integer({ min: 0, max: 4 }),
  attributes,
  startTime: time,
  endTime: time,
  events: fc.array(fc.record({ name: text, attributes, time }), { maxLength: 2 }),
  linked: fc.boolean(),
  remote: fc.option(fc.boolean(), { nil: undefined }),
  failure: fc.option(text, { nil: undefined }),
});

/** Spans that are much like each other, as those of an application are; now and then one with a long text. */
const common = fc.record(
  {
    model: fc.constantFrom("a", "b", "\u00e9\u{1f600}"),
    tokens: fc.constantFrom(1, 20, 0.5, Number.NaN),
    reasons: fc.constantFrom(["stop"], ["stop", "length"], []),
    content: fc.constantFrom("", "x".repeat(30_000), "\u20ac".repeat(9_000)),
  },
  { requiredKeys: ["tokens"] },
) as fc.Arbitrary<Attributes>;

const PARENT = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" };

function assertSame(spans: ReadableSpan[]): void {
  const theirs = Buffer.from(JsonTraceSerializer.serializeRequest(spans) ?? []).toString();
  expect(JSON.parse(otlpJson(spans).toString())).toEqual(JSON.parse(theirs));
}

it("gives what OTel's transformer gives, whatever is in the spans", () => {
  fc.assert(
    fc.property(fc.array(span, { maxLength: 4 }), attributes, (specs, resource) => {
      const exporter = new InMemorySpanExporter();
      const provider = new BasicTracerProvider({
        resource: resourceFromAttributes(resource),
        spanProcessors: [new SimpleSpanProcessor(exporter)],
      });
      for (const spec of specs) {
        const { name, kind, startTime, remote } = spec;
        const parent = {
          ...PARENT,
          traceFlags: 1,
          ...(remote !== undefined && { isRemote: remote }),
        };
        const context =
          remote === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
        const links = spec.linked ? [{ context: parent, attributes: spec.attributes }] : [];
        const options = { kind, startTime, attributes: spec.attributes, links };
        const started = provider.getTracer(spec.scope, "1").startSpan(name, options, context);
        for (const event of spec.events) started.addEvent(event.name, event.attributes, event.time);
        if (spec.failure !== undefined) started.setStatus({ code: 2, message: spec.failure });
        started.end(spec.endTime);
      }
      assertSame(exporter.getFinishedSpans());
    }),
  );
});

it("gives it for spans that repeat each other, whatever differs between them", () => {
  fc.assert(
    fc.property(fc.array(common, { maxLength: 12 }), (all) => {
      const exporter = new InMemorySpanExporter();
      const provider = new BasicTracerProvider({
        spanProcessors: [new SimpleSpanProcessor(exporter)],
      });
      for (const given of all) {
        provider.getTracer("a").startSpan("chat", { attributes: given }).end();
      }
      assertSame(exporter.getFinishedSpans());
    }),
  );
});

it("has no half of a surrogate pair in it, and leaves the whole ones", () => {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const given = { model: "a\ud800b\u{1f600}", "stop\udc00": ["\ud83d", "end"] };
  const started = provider.getTracer("a").startSpan("chat \ud800", { attributes: given });
  started.addEvent("e\udfff", given).setStatus({ code: 2, message: "\ude00\ud83d" }).end();
  const written = otlpJson(exporter.getFinishedSpans()).toString();
  const list = [
    { key: "model", value: { stringValue: "a\ufffdb\u{1f600}" } },
    {
      key: "stop\ufffd",
      value: { arrayValue: { values: [{ stringValue: "\ufffd" }, { stringValue: "end" }] } },
    },
  ];
  expect(written).not.toMatch(/\\ud[89a-f]/i);
  expect(JSON.parse(written)).toMatchObject({
    resourceSpans: [
      {
        scopeSpans: [
          {
            spans: [
              {
                name: "chat \ufffd",
                attributes: list,
                events: [{ name: "e\ufffd", attributes: list }],
                status: { code: 2, message: "\ufffd\ufffd" },
              },
            ],
          },
        ],
      },
    ],
  });
});
