import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { CHAT, providerFetch } from "./provider.js";

/** What is scraped, by name: gives a function that makes the page. */
export const scrapeSubjects = {
  /** Calls of one model after the other, until the page has so many series. */
  ours: async (wanted) => {
    const { createObservability } = await import("@rlm-toolkit/observability");
    globalThis.fetch = providerFetch;
    const obs = createObservability({
      server: { enabled: false },
      log: { destination: "off" },
      metrics: { process: false, maxLabelValues: 100_000 },
    });
    const scrape = async () => (await obs.handler(new Request("http://localhost/metrics"))).text();
    const call = async (model) => {
      const body = JSON.stringify({ ...CHAT, model });
      const url = "https://api.openai.com/v1/chat/completions";
      await (await obs.fetch(url, { method: "POST", body })).json();
    };
    let models = 0;
    for (let page = ""; seriesOf(page) < wanted && models < wanted; page = await scrape()) {
      for (let more = 0; more < 10; more += 1) await call(`model-${models++}`);
    }
    return scrape;
  },
  /** The same metrics, made with prom-client alone. */
  "prom-client": (_wanted, page) => {
    const registry = new Registry();
    for (const family of familiesOf(page)) rebuild(family, [registry]);
    return () => registry.metrics();
  },
};

export const seriesOf = (page) =>
  page.split("\n").filter((line) => line !== "" && !line.startsWith("#")).length;

/** Name, type, help and samples of each metric of a page. */
function familiesOf(page) {
  const families = new Map();
  for (const line of page.split("\n")) {
    const type = /^# TYPE (\S+) (\S+)/.exec(line);
    if (type) families.set(type[1], { name: type[1], type: type[2], samples: [] });
    const sample = /^(\w+?)(_bucket|_sum|_count)?(?:\{(.*)\})? (\S+)$/.exec(line);
    if (!sample || line.startsWith("#")) continue;
    const [, base, suffix = "", labels = "", value] = sample;
    const whole = families.get(base + suffix);
    const part = whole ? "" : suffix;
    const family = whole ?? families.get(base);
    family?.samples.push({ part, labels: labelsOf(labels), value: Number(value) });
  }
  return [...families.values()];
}

const labelsOf = (text) =>
  Object.fromEntries(
    [...text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map((match) => match.slice(1)),
  );

function rebuild({ name, type, samples }, registers) {
  const labelNames = Object.keys(samples[0]?.labels ?? {}).filter((label) => label !== "le");
  const options = { name, help: name, labelNames, registers };
  if (type === "histogram") {
    const bounds = new Set(samples.flatMap(({ labels }) => labels.le ?? []));
    const buckets = [...bounds].map(Number).filter(Number.isFinite);
    const histogram = new Histogram({ ...options, buckets });
    const sums = samples.filter(({ part }) => part === "_sum");
    for (const { labels, value } of sums) histogram.observe(labels, value);
  } else {
    const metric = type === "counter" ? new Counter(options) : new Gauge(options);
    for (const { labels, value } of samples) metric.inc(labels, value);
  }
}
