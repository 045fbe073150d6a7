import { accountOfEvent, accountOfSpan, unexpected } from "./accounts.js";
import { ANY } from "../scenarios/scenario.js";
import { differences } from "./difference.js";

const STARTED = "llm_request_started";
const ENDED = new Set(["llm_request_completed", "llm_request_failed"]);
const STATUS_ERROR = 2;
/** The instrumentation scope of our spans. */
const SCOPE = "@rlm-toolkit/observability";
/** Outcomes that are an error by the conventions: of these a span has `error.type`, and the error counter counts them. */
const FAILED = new Set(["error", "truncated"]);

/**
 * A scenario's verdict. `T`: the application sees what it sees with the bare client. `O`: each call is reported right,
 * once. Each is the list of what is wrong, empty when nothing is, or `undefined` when it was not to be judged.
 *
 * @typedef {{ id: string, skipped?: string, T?: readonly string[], O?: readonly string[] }} Verdict
 */

/** @returns {readonly Verdict[]} */
export function judge(cell, bare, observed) {
  if (bare.results.length === 0)
    return [
      { id: "exit", T: [`the bare application did not run: ${bare.ended.stderr.slice(0, 400)}`] },
    ];
  return [
    ...bare.results.map((result) => judgeScenario(cell, result, observed)),
    ...judgeWhole(cell, bare, observed),
  ];
}

function judgeScenario(cell, bare, observed) {
  const result = observed.results.find(({ id }) => id === bare.id);
  const skipped = bare.skipped ?? result?.skipped;
  if (skipped !== undefined) return { id: bare.id, skipped };
  if (result === undefined)
    return {
      id: bare.id,
      T: [`the observed application did not come to it: ${observed.ended.stderr.slice(-300)}`],
    };
  const broken = brokenScenario(bare.seen);
  return {
    id: bare.id,
    T: [...broken, ...differences(bare.seen, result.seen)],
    O: result.expected === undefined ? undefined : judgeReports(cell, result, observed),
  };
}

/** A comparison of two failures says nothing. */
function brokenScenario({ timedOut, threw }) {
  if (timedOut === true) return ["the bare application was not done in time: mend the scenario"];
  return threw === undefined
    ? []
    : [`the bare application threw: mend the scenario (${threw["<message>"]})`];
}

function judgeReports({ otel, subject }, { expected, port, under }, { reported, spans }) {
  const wrong = [];
  const tracesItself = isTracedBySdk({ otel, subject });
  const mine = spans.filter((span) => isLlm(span) && span.attributes["server.port"] === port);
  if (reported?.events !== undefined)
    wrong.push(...judgeEvents(expected, eventsAt(reported.events, port)));
  if (tracesItself)
    wrong.push(
      ...mine
        .filter(({ scope }) => scope === SCOPE)
        .map(({ name }) => `a span of ours beside the SDK's own: ${name}`),
    );
  else if (otel !== "throwing") wrong.push(...judgeSpans(expected, mine));
  if (otel.startsWith("app")) wrong.push(...judgeParents(mine, { under, spans }));
  return wrong;
}

function judgeEvents(expected, events) {
  const started = events.filter(({ type }) => type === STARTED);
  const ended = events.filter(({ type }) => ENDED.has(type));
  const wrong = [];
  if (started.length !== expected.length)
    wrong.push(`${started.length} calls started, expected ${expected.length}`);
  if (ended.length !== expected.length)
    wrong.push(`${ended.length} calls ended, expected ${expected.length}`);
  for (const [index, { id }] of started.entries()) {
    const end = ended.filter(({ causationId }) => causationId === id);
    if (end.length !== 1) wrong.push(`call ${index + 1} has ${end.length} ends`);
    else if (expected[index])
      wrong.push(
        ...labelled(`event ${index + 1}`, unexpected(expected[index], accountOfEvent(end[0]))),
      );
  }
  return wrong;
}

/** Each expected call takes the span that fits best. */
function judgeSpans(expected, spans) {
  const wrong = [];
  if (spans.length !== expected.length)
    wrong.push(`${spans.length} spans, expected ${expected.length}`);
  const left = [...spans];
  for (const [index, event] of expected.entries()) {
    const report =
      FAILED.has(event.outcome) || event.outcome === ANY
        ? event
        : { ...event, errorType: undefined };
    const ranked = left
      .map((span) => ({ span, problems: unexpected(report, accountOfSpan(span)) }))
      .toSorted((a, b) => a.problems.length - b.problems.length);
    const [best] = ranked;
    if (best === undefined) break;
    left.splice(left.indexOf(best.span), 1);
    wrong.push(...labelled(`span ${index + 1}`, [...best.problems, ...statusProblems(best.span)]));
  }
  return wrong;
}

function judgeParents(mine, { under, spans }) {
  if (under === undefined) return [];
  const parents = new Set(spans.filter(({ name }) => name === under).map(({ spanId }) => spanId));
  return mine
    .filter(({ parentSpanId }) => !parents.has(parentSpanId))
    .map(({ name }) => `span ${name} is no child of ${under}`);
}

/** Error for what failed, unset for the rest, never ok. */
function statusProblems({ status, attributes }) {
  const outcome = attributes["rlm.outcome"];
  const code = status.code ?? 0;
  return code === (FAILED.has(outcome) ? STATUS_ERROR : 0)
    ? []
    : [`status ${code} of outcome ${outcome}`];
}

function labelled(label, problems) {
  return problems.map((problem) => `${label}: ${problem}`);
}

function eventsAt(events, port) {
  return events.filter(({ data }) => data.serverPort === port);
}

/** Where the SDK makes spans of its own, there is no other: what is reported by events is put on those. */
function isTracedBySdk({ otel, subject }) {
  return subject.id === "anthropic-1" && otel.startsWith("app");
}

/** A span of a model call; the application has others. */
function isLlm({ attributes }) {
  return attributes["rlm.outcome"] !== undefined;
}

/** What concerns the process, not one scenario. */
function judgeWhole(cell, bare, observed) {
  const { events } = observed.reported ?? {};
  return [
    { id: "exit", T: differences(bare.ended, withoutDiagnostics(observed.ended)) },
    {
      id: "diagnostics",
      O: diagnosticsOf(observed.ended).filter((line) => !isExpected(line, cell)),
    },
    ...(isTracedBySdk(cell)
      ? [{ id: "C39-native", O: nativeSpans(bare.spans, observed.spans) }]
      : []),
    {
      id: "ledger",
      O: observed.reported === undefined ? ["nothing was reported"] : judgeLedger(observed),
    },
    { id: "C40-content", O: leaksIn(observed, { bare, events: events ?? [] }) },
  ];
}

const DIAGNOSTICS = "[rlm-obs] ";
/** What this package says on stderr, and should: a client that another copy observes; failures of a hostile set-up. */
const EXPECTED = ["[rlm-obs] observe: a client is observed by another"];

function nativeSpans(bare, observed) {
  if (bare.length === 0) return ["the SDK made no span: mend the application's OTel set-up"];
  return differences(spanNames(bare), spanNames(observed));
}

function spanNames(spans) {
  return spans.map(({ name, scope }) => `${scope} ${name}`).toSorted();
}

function diagnosticsOf({ stderr }) {
  return stderr.split("\n").filter((line) => line.startsWith(DIAGNOSTICS));
}

function withoutDiagnostics(ended) {
  const lines = ended.stderr.split("\n").filter((line) => !line.startsWith(DIAGNOSTICS));
  return { ...ended, stderr: lines.join("\n") };
}

function isExpected(line, { otel }) {
  return otel === "throwing" || EXPECTED.some((start) => line.startsWith(start));
}

/** The counters are the sums of what was told one by one, and nothing was lost on the way. */
function judgeLedger({ reported, spans, log, results }) {
  const accounts =
    reported.events === undefined
      ? spans.filter(isLlm).map(accountOfSpan)
      : reported.events.filter(({ type }) => ENDED.has(type)).map(accountOfEvent);
  const series = seriesOf(reported.metrics);
  const wrong = [
    ...sums(
      "rlm_requests_total",
      series,
      "status",
      countBy(accounts, ({ outcome }) => outcome),
    ),
    ...sums(
      "rlm_errors_total",
      series,
      "error_type",
      countBy(
        accounts.filter(({ outcome }) => FAILED.has(outcome)),
        ({ errorType }) => errorType,
      ),
    ),
    ...sums("rlm_tokens_total", series, "type", tokens(accounts)),
  ];
  const active = total(series, "rlm_active_requests");
  if (active !== 0) wrong.push(`rlm_active_requests is ${active} when all is over`);
  if (reported.events !== undefined)
    wrong.push(...sums("rlm_unclassified_requests_total", series, "api", unclassified(results)));
  for (const name of ["rlm_telemetry_dropped_total", "rlm_uninstrumented_requests_total"]) {
    const count = total(series, name);
    if (count !== 0) wrong.push(`${name} is ${count}`);
  }
  const lines = log.split("\n").filter((line) => line !== "").length;
  if (lines !== accounts.length) wrong.push(`${lines} lines in the log, ${accounts.length} calls`);
  return wrong;
}

/** By API, what the scenarios sent that is no LLM operation. */
function unclassified(results) {
  const apis = results.flatMap((result) =>
    Object.entries(result.unclassified ?? {}).flatMap(([api, fragment]) =>
      result.seen.exchanges.filter(({ path }) => path.includes(fragment)).map(() => api),
    ),
  );
  return countBy(apis, (api) => api);
}

function tokens(accounts) {
  const sum = (name) => accounts.reduce((all, { usage }) => all + (usage?.[name] ?? 0), 0);
  return new Map([
    ["prompt", sum("inputTokens")],
    ["completion", sum("outputTokens")],
  ]);
}

function countBy(items, keyOf) {
  const counts = new Map();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}

function sums(name, series, label, expected) {
  const counted = new Map();
  for (const each of series.filter((one) => one.name === name))
    counted.set(each.labels[label], (counted.get(each.labels[label]) ?? 0) + each.value);
  return [...new Set([...counted.keys(), ...expected.keys()])].flatMap((key) => {
    const [count, should] = [counted.get(key) ?? 0, expected.get(key) ?? 0];
    return count === should
      ? []
      : [`${name}{${label}="${key}"} is ${count}, the calls say ${should}`];
  });
}

function total(series, name) {
  return series.filter((each) => each.name === name).reduce((sum, { value }) => sum + value, 0);
}

function seriesOf(page) {
  return page.split("\n").flatMap((line) => {
    const [, name, labels = "", value] = /^([a-z_:]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined) return [];
    return [
      {
        name,
        value: Number(value),
        labels: Object.fromEntries(
          [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, text]) => [key, text]),
        ),
      },
    ];
  });
}

/** No prompt, answer, key, user or error text in any signal. */
function leaksIn({ sinkText, log, reported, ended, spans }, { bare, events }) {
  // what the SDK prints of itself is no signal of ours
  const printed = new Set(bare.ended.stderr.split("\n"));
  const stderr = ended.stderr
    .split("\n")
    .filter((line) => !printed.has(line))
    .join("\n");
  const signals = {
    "OTLP bodies": sinkText,
    spans: JSON.stringify(spans.filter(isLlm)),
    events: JSON.stringify(events),
    log,
    metrics: reported?.metrics ?? "",
    stderr,
  };
  return Object.entries(signals).flatMap(([name, text]) => {
    const found = /.{0,60}canary-[a-z]+/.exec(text);
    return found === null ? [] : [`${name}: ${found[0]}`];
  });
}
