import { once } from "node:events";
import { get } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { brokenObservers } from "./broken-observers.js";

/** Time for what must not come: a second report of a call, a late event. */
const QUIET_MS = 150;
const REPORTS_LIMIT_MS = 30_000;

/**
 * What stands between the application and its client: nothing, this package, or an observer broken on purpose.
 *
 * @param {import("./plan.js").ChildPlan} plan
 */
export function startObserver(plan, observability) {
  if (plan.mode === "bare") return nothing();
  if (plan.mode === "register") return { ...nothing(), finish: () => registered(plan) };
  const observer = observe(plan, observability);
  const breakIt = brokenObservers[plan.broken];
  return breakIt === undefined ? observer : { ...observer, ...breakIt(observer) };
}

function nothing() {
  return {
    observe: (client) => client,
    unobserve: (client) => client,
    fetch: globalThis.fetch,
    secondCopy: async () => nothing(),
    run: (fn) => fn(),
    finish: async () => undefined,
  };
}

/** The process is observed from outside; its figures are on a page, its spans on their way. */
async function registered({ metricsPort }) {
  await sleep(QUIET_MS);
  // as Node.js does when nothing is left to do: what nobody has read by then is told
  process.emit("beforeExit", 0);
  return { metrics: await page(`http://127.0.0.1:${metricsPort}/metrics`) };
}

/** By `node:http`: a `fetch` would be one of those that are observed. */
async function page(url) {
  const [response] = await once(get(url), "response");
  return text(response);
}

function observe(plan, { createObservability }) {
  const events = [];
  const all = [];
  function start(create) {
    const obs = create({
      server: { enabled: false },
      log: { destination: plan.logFile },
      metrics: { process: false },
      ...(plan.sinkUrl !== undefined && { otlp: { endpoint: plan.sinkUrl, timeoutMs: 30_000 } }),
      idleLimitMs: 8000,
      // a busy machine loses nothing here
      shutdownTimeoutMs: plan.otel === "throwing" ? 1000 : 30_000,
    });
    obs.subscribe((event) => void events.push(event), { name: "conformance" });
    if (plan.otel === "throwing") obs.subscribe(fails, { name: "fails" });
    all.push(obs);
    return obs;
  }
  const obs = start(createObservability);

  return {
    observe: (client) => obs.observe(client),
    unobserve: (client) => obs.unobserve(client),
    fetch: obs.fetch,
    run: (fn) => obs.session("conformance", fn),
    async secondCopy() {
      return start((await import(plan.secondCopy)).createObservability);
    },
    async finish(expected) {
      // what a broken observer has lost does not come
      const limitMs = plan.broken === undefined ? REPORTS_LIMIT_MS : 2000;
      await until(() => isComplete(events, expected), limitMs);
      await sleep(QUIET_MS);
      const pages = await Promise.all(all.map((each) => metricsOf(each)));
      const reports = [];
      for (const each of all) reports.push(await each.shutdown());
      return { events, metrics: pages.join("\n"), shutdown: reports };
    },
  };
}

function fails() {
  throw new Error("a subscriber that fails");
}

function ended(events) {
  return events.filter(
    ({ type }) => type === "llm_request_completed" || type === "llm_request_failed",
  );
}

/** True once each provider's port has as many ends as there are to be. */
function isComplete(events, expected) {
  const left = new Map(expected);
  for (const { data } of ended(events))
    left.set(data.serverPort, (left.get(data.serverPort) ?? 0) - 1);
  return [...left.values()].every((count) => count <= 0);
}

async function metricsOf(obs) {
  return (await obs.handler(new Request("http://localhost/metrics"))).text();
}

async function until(reached, limitMs) {
  for (let waitedMs = 0; waitedMs < limitMs && !reached(); waitedMs += 20) await sleep(20);
}
