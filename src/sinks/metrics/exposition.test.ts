import { samplesOf } from "../../../test/support/samples-of.ts";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { MetricDefinition } from "../../semconv/index.ts";
import { createExposition, type Exposition } from "./exposition.ts";
import { counterOrGauge, histogram } from "./metric-family.ts";

const COUNTER: MetricDefinition = {
  name: "rlm_things_total",
  type: "counter",
  help: 'Things, "counted".',
  unit: "1",
  labels: ["kind"],
};
const GAUGE: MetricDefinition = {
  name: "rlm_size",
  type: "gauge",
  help: "Size.",
  unit: "1",
  labels: [],
};
const HISTOGRAM: MetricDefinition = {
  name: "rlm_wait_seconds",
  type: "histogram",
  help: "Wait.",
  unit: "seconds",
  labels: ["kind"],
  buckets: [0.5, 1],
};
const TRACE = { traceId: "a".repeat(32), spanId: "b".repeat(16) };

function things() {
  const counter = counterOrGauge(COUNTER, 100);
  const exposition = createExposition({ sources: [counter], process: false });
  return { counter, exposition };
}

afterEach(() => void vi.useRealTimers());

describe("a page", () => {
  it("has every metric with its help and type, histograms with cumulative buckets", async () => {
    const counter = counterOrGauge(COUNTER, 100);
    const gauge = counterOrGauge(GAUGE, 100);
    const wait = histogram(HISTOGRAM, 100);
    counter.cell("a").add(2);
    gauge.cell().set(-1.5);
    for (const seconds of [0.5, 0.7, 1, 3]) wait.cell("a").observe(seconds);
    const sources = [counter, gauge, wait];
    const exposition = createExposition({ sources, process: false });
    expect(await exposition.text()).toBe(
      [
        '# HELP rlm_things_total Things, "counted".',
        "# TYPE rlm_things_total counter",
        'rlm_things_total{kind="a"} 2',
        "",
        "# HELP rlm_size Size.",
        "# TYPE rlm_size gauge",
        "rlm_size -1.5",
        "",
        "# HELP rlm_wait_seconds Wait.",
        "# TYPE rlm_wait_seconds histogram",
        'rlm_wait_seconds_bucket{kind="a",le="0.5"} 1',
        'rlm_wait_seconds_bucket{kind="a",le="1"} 3',
        'rlm_wait_seconds_bucket{kind="a",le="+Inf"} 4',
        'rlm_wait_seconds_sum{kind="a"} 5.2',
        'rlm_wait_seconds_count{kind="a"} 4',
        "",
      ].join("\n"),
    );
  });

  it("is the same in either format, whichever was asked for before", async () => {
    const { counter, exposition } = things();
    counter.cell("a").add(1);
    const text = await exposition.text();
    const openMetrics = await exposition.openMetrics();
    expect(text).toContain("# TYPE rlm_things_total counter");
    expect(text).toContain('rlm_things_total{kind="a"} 1');
    expect(openMetrics).toContain("# TYPE rlm_things counter");
    expect(openMetrics).toContain('rlm_things_total{kind="a"} 1');
    expect(openMetrics).not.toContain("# EOF");
    for (let round = 0; round < 3; round += 1) {
      expect(await exposition.openMetrics()).toBe(openMetrics);
      expect(await exposition.text()).toBe(text);
    }
    const both = await Promise.all([exposition.text(), exposition.openMetrics()]);
    expect(both).toEqual([text, openMetrics]);
  });

  it("has exemplars in OpenMetrics only", async () => {
    vi.useFakeTimers({ now: 1_700_000_000_000 });
    const wait = histogram(HISTOGRAM, 100);
    wait.cell("a").observe(0.7, TRACE);
    wait.cell("a").observe(3);
    const exposition = createExposition({ sources: [wait], process: false });
    expect(await exposition.openMetrics()).toContain(
      `rlm_wait_seconds_bucket{kind="a",le="1"} 1 # {trace_id="${TRACE.traceId}",span_id="${TRACE.spanId}"} 0.7 1700000000`,
    );
    expect(await exposition.text()).not.toContain("trace_id");
  });
});

describe("labels", () => {
  /** The way back, as the exposition format has it. */
  function unescape(text: string): string {
    return text.replace(/\\(["\\n])/g, (_all, char: string) => (char === "n" ? "\n" : char));
  }

  it("come back as they were, whatever is in them, one sample to a line", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.string({ unit: fc.constantFrom("\\", '"', "\n", "n", "{", "}", ",", "é", "a") }),
        ),
        async (values) => {
          const { counter, exposition } = things();
          for (const value of values) counter.cell(value).add(1);
          for (const page of [await exposition.text(), await exposition.openMetrics()]) {
            const lines = page.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
            const seen = lines.map((line) => {
              const quoted = /^rlm_things_total\{kind="((?:[^"\\\n]|\\["\\n])*)"\} [1-9]\d*$/.exec(
                line,
              );
              return unescape(quoted?.[1] ?? `no sample: ${line}`);
            });
            expect(seen.toSorted()).toEqual([...new Set(values)].toSorted());
          }
        },
      ),
    );
  });

  it("are told apart where their parts are the same in another order or division", () => {
    const family = counterOrGauge({ ...COUNTER, labels: ["a", "b"] }, 100);
    for (const values of [
      ["x", "yz"],
      ["xy", "z"],
      ["yz", "x"],
      ["x\u0000y", "z"],
      ["x", "y\u0000z"],
    ]) {
      family.cell(...values).add(1);
    }
    expect(samplesOf(family).map(({ value }) => value)).toEqual([1, 1, 1, 1, 1]);
  });

  it("past the limit are counted as `other`, in one series", () => {
    const family = counterOrGauge(COUNTER, 3);
    for (let index = 0; index < 10; index += 1) family.cell(`kind ${index}`).add(1);
    family.cell("kind 0").add(1);
    expect(samplesOf(family).map(({ labels, value }) => [labels["kind"], value])).toEqual([
      ["kind 0", 2],
      ["kind 1", 1],
      ["kind 2", 1],
      ["other", 7],
    ]);
    expect(family.limiter.overflowed).toBe(7);
  });

  it("are limited each by itself", () => {
    const family = counterOrGauge({ ...COUNTER, labels: ["a", "b"] }, 1);
    family.cell("a1", "b1").add(1);
    family.cell("a2", "b1").add(1);
    family.cell("a1", "b2").add(1);
    expect(samplesOf(family).map(({ labels }) => labels)).toEqual([
      { a: "a1", b: "b1" },
      { a: "other", b: "b1" },
      { a: "a1", b: "other" },
    ]);
  });
});

describe("a counter and a histogram", () => {
  const value = fc.double();

  it("never go down, and take nothing that is no number", () => {
    fc.assert(
      fc.property(fc.array(value), (values) => {
        const cell = counterOrGauge(COUNTER, 9).cell("a");
        const wait = histogram(HISTOGRAM, 9);
        for (const amount of values.filter((item) => item !== Infinity)) {
          const before = cell.value;
          const sumBefore = wait.cell("a").sum;
          cell.add(amount);
          wait.cell("a").observe(amount);
          expect(cell.value).toBeGreaterThanOrEqual(before);
          expect(wait.cell("a").sum).toBeGreaterThanOrEqual(sumBefore);
        }
        const counts = samplesOf(wait).map((sample) => sample.value);
        expect(counts.slice(0, 3)).toEqual(counts.slice(0, 3).toSorted((a, b) => a - b));
        expect(counts[4]).toBe(counts[2]);
      }),
    );
  });
});

describe("process metrics", () => {
  const openExpositions: Exposition[] = [];
  afterEach(() => {
    for (const exposition of openExpositions.splice(0)) exposition.close();
  });
  function withProcess(): Exposition {
    const exposition = createExposition({ sources: [], process: true });
    openExpositions.push(exposition);
    return exposition;
  }

  it("are on both pages under their right names, alternating", async () => {
    const exposition = withProcess();
    for (let round = 0; round < 2; round += 1) {
      const openMetrics = await exposition.openMetrics();
      expect(openMetrics).toContain("# TYPE process_cpu_seconds counter\n");
      expect(openMetrics).toMatch(/^process_cpu_seconds_total [\d.e-]+$/m);
      const text = await exposition.text();
      expect(text).toContain("# TYPE process_cpu_seconds_total counter\n");
      expect(text).toMatch(/^process_cpu_seconds_total [\d.e-]+$/m);
      expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
    }
  });

  it("are counted once: a counter never goes down from one page to the next", async () => {
    const exposition = withProcess();
    let before = 0;
    for (let round = 0; round < 6; round += 1) {
      const page = await (round % 2 ? exposition.text() : exposition.openMetrics());
      const seconds = Number(/^process_cpu_seconds_total ([\d.e-]+)$/m.exec(page)?.[1]);
      expect(seconds).toBeGreaterThanOrEqual(before);
      before = seconds;
    }
    expect(before).toBeGreaterThan(0);
  });

  it("are left out where they are not wanted, and can be had twice in a process", async () => {
    expect(await things().exposition.text()).not.toContain("process_");
    const [first, second] = [withProcess(), withProcess()];
    expect(await second.text()).toContain("process_cpu_seconds_total");
    expect(await first.text()).toContain("process_cpu_seconds_total");
  });
});
