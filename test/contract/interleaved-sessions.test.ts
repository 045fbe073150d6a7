import { context } from "@opentelemetry/api";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  ActivityTracker,
  describeAgent,
  describeRetrieval,
  describeTool,
  describeWorkflow,
} from "../../src/activities/index.ts";
import { createActivityAround, createSpanAround } from "../../src/sinks/spans/index.ts";
import { type Random, seededRandom } from "../../src/testing/index.ts";
import { TestContextManager } from "../support/context-manager.ts";
import { observedClients } from "../support/observed-clients.ts";

const SESSIONS = 1_000;
const CHAT_URL = "https://api.openai.com/v1/chat/completions";

/** What an application may do in a session: activities in one another, and LLM calls at the leaves. */
interface Step {
  readonly kind: "agent" | "tool" | "retrieval" | "workflow" | "call";
  /** How its function gives its result. */
  readonly shape: "promise" | "generator" | "web stream";
  readonly fails: boolean;
  readonly children: readonly Step[];
}

const KINDS = ["agent", "tool", "retrieval", "workflow", "call"] as const;
const SHAPES = ["promise", "promise", "generator", "web stream"] as const;

function pick<T>(random: Random, values: readonly [T, ...T[]]): T {
  return values[Math.floor(random() * values.length)] ?? values[0];
}

function drawStep(random: Random, depth: number): Step {
  const kind = depth === 0 ? "call" : pick(random, KINDS);
  const length = kind === "call" ? 0 : Math.floor(random() * 3);
  return {
    kind,
    shape: pick(random, SHAPES),
    fails: kind !== "call" && random() < 0.1,
    children: Array.from({ length }, () => drawStep(random, depth - 1)),
  };
}

async function pause(random: Random): Promise<void> {
  const way = random();
  if (way < 0.3) return;
  if (way < 0.6) return new Promise((resolve) => setImmediate(resolve));
  if (way < 0.8) return new Promise((resolve) => setTimeout(resolve, 3 * random()));
  await Promise.resolve();
}

const failure = new Error("of the application");

/** An application of {@link SESSIONS} sessions at once. A step's name is its place: `session/child/child`. */
class Application {
  readonly #observed;
  readonly #tracker;
  readonly #fetch;
  readonly #random: Random;

  constructor(seed: number, exporter: InMemorySpanExporter) {
    const provider = new BasicTracerProvider({
      spanProcessors: [new SimpleSpanProcessor(exporter)],
    });
    const tracer = provider.getTracer("test");
    this.#random = seededRandom(seed);
    this.#observed = observedClients({ around: createSpanAround(tracer) });
    const { store, bus, diagnostics } = this.#observed;
    const around = createActivityAround(tracer);
    this.#tracker = new ActivityTracker({ store, publish: bus.publish, around, diagnostics });
    this.#fetch = this.#observed.fetches.observe(async () => {
      await pause(this.#random);
      return Response.json({ id: "r", model: "m", choices: [], usage: {} });
    });
  }

  get events() {
    return this.#observed.events;
  }

  async run(): Promise<readonly Step[]> {
    const steps = Array.from({ length: SESSIONS }, () => drawStep(this.#random, 3));
    const { store } = this.#observed;
    await Promise.all(
      steps.map((step, index) =>
        store.withContext({ sessionId: `s${index}` }, () => this.#perform(step, `s${index}`)),
      ),
    );
    return steps;
  }

  async #perform(step: Step, path: string): Promise<void> {
    await pause(this.#random);
    if (step.kind === "call") return this.#call(path);
    const result = this.#tracker.run(
      (around) => {
        if (step.kind === "agent") return describeAgent(path, around);
        if (step.kind === "tool") return describeTool(path, around);
        if (step.kind === "retrieval") return describeRetrieval(path, around);
        return describeWorkflow(path, around);
      },
      () => this.#body(step, path),
    );
    // what fails inside goes on to the caller, who lives with it
    await this.#consume(result).catch((error: unknown) => expect(error).toBe(failure));
  }

  async #consume(result: Promise<void> | AsyncIterable<unknown>): Promise<void> {
    if (result instanceof Promise) return result;
    for await (const _value of result) await pause(this.#random);
  }

  #body(step: Step, path: string): Promise<void> | AsyncIterable<unknown> {
    const pieces = this.#pieces(step, path);
    if (step.shape === "generator") return pieces;
    if (step.shape === "web stream") return ReadableStream.from(pieces);
    return (async () => {
      for await (const _piece of pieces);
    })();
  }

  async *#pieces(step: Step, path: string): AsyncGenerator<number> {
    for (const [index, child] of step.children.entries()) {
      yield index;
      await this.#perform(child, `${path}/${index}`);
    }
    await pause(this.#random);
    if (step.fails) throw failure;
  }

  async #call(path: string): Promise<void> {
    const body = JSON.stringify({ model: path, messages: [] });
    const response = await this.#fetch(CHAT_URL, { method: "POST", body });
    await pause(this.#random);
    await response.json();
  }
}

function count(step: Step): number {
  return step.children.reduce((sum, child) => sum + count(child), 1);
}

/** Where a span, or what an event tells of, belongs by its name. */
const pathOf = (name: string) => name.slice(name.lastIndexOf(" ") + 1);
const sessionOf = (path: string) => path.split("/")[0] ?? "";
const outerOf = (path: string) => (path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "");

/** Spans that are not where their name says. */
function misplaced(spans: readonly ReadableSpan[]): string[] {
  const byId = new Map(spans.map((span) => [span.spanContext().spanId, span]));
  return spans
    .filter((span) => {
      const path = pathOf(span.name);
      const parent = byId.get(span.parentSpanContext?.spanId ?? "");
      return (
        span.attributes["session.id"] !== sessionOf(path) ||
        pathOf(parent?.name ?? "") !== outerOf(path) ||
        (parent && parent.spanContext().traceId !== span.spanContext().traceId)
      );
    })
    .map(({ name }) => name);
}

describe.each([
  ["with a context manager", () => context.setGlobalContextManager(new TestContextManager())],
  ["without a context manager", () => false],
])("1,000 interleaved sessions, %s", (_name, setUp) => {
  beforeEach(() => void setUp());
  afterEach(() => context.disable());

  it("have every call in its own session, agent and parent span, and one end for each start", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(2 ** 31), async (seed) => {
        const exporter = new InMemorySpanExporter();
        const application = new Application(seed, exporter);
        const steps = await application.run();
        const total = steps.reduce((sum, step) => sum + count(step), 0);
        const spans = exporter.getFinishedSpans();
        expect(spans).toHaveLength(total);
        expect(misplaced(spans)).toEqual([]);
        expectPairs(application, total);
      }),
      { numRuns: 3 },
    );
  }, 60_000);
});

function expectPairs({ events }: Application, total: number): void {
  const ended = new Map<string, number>();
  const strays: string[] = [];
  const byId = new Map(events.map((event) => [event.id, event]));
  for (const event of events) {
    if (!/_(completed|failed|error)$/.test(event.type)) continue;
    const started = byId.get(event.causationId ?? "");
    ended.set(started?.id ?? "", (ended.get(started?.id ?? "") ?? 0) + 1);
    const same = started?.sessionId === event.sessionId && started?.spanId === event.spanId;
    if (!same || started?.correlationId !== event.correlationId) strays.push(event.type);
  }
  expect(strays).toEqual([]);
  expect(ended.size).toBe(total);
  expect(new Set(ended.values())).toEqual(new Set([1]));
  expect(new Set(events.map(({ correlationId }) => correlationId)).size).toBe(SESSIONS);
}
