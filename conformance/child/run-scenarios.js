import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { scenariosOf } from "../scenarios/index.js";
import { createApp } from "./app.js";
import { describe } from "./describe.js";
import { startObserver } from "./observers.js";
import { startAppTelemetry } from "./app-telemetry.js";
import { startProvider } from "./provider.js";
import { watchProcess } from "./watch-process.js";
import { within } from "./within.js";

const SCENARIO_LIMIT_MS = 45_000;

/**
 * Runs the scenarios of one subject in this process, bare or observed, and writes what the application saw, and what
 * was reported, to `plan.output`.
 *
 * @param {import("./plan.js").ChildPlan} plan
 * @param {{ sdk: any, observability: any }} loaded
 */
export async function runScenarios(plan, loaded) {
  try {
    await runAll(plan, loaded);
  } catch (error) {
    // a rejection would be counted, and not seen
    console.error(error);
    process.exit(1);
  }
}

async function runAll(plan, { sdk, observability }) {
  const watch = watchProcess();
  const telemetry = await startAppTelemetry(plan);
  const observer = startObserver(plan, observability);
  const results = [];
  for (const scenario of scenariosOf(plan.subject.family)) {
    if (plan.only !== undefined && !plan.only.includes(scenario.id)) continue;
    results.push(await runScenario(scenario, { plan, sdk, observer, watch, telemetry }));
  }
  const expected = new Map(
    results.map(({ port, expected: reports }) => [port, reports?.length ?? 0]),
  );
  const reported = await observer.finish(expected);
  const held = results.map(({ held: values }) => values.length);
  await telemetry.finish();
  const written = results.map(({ held: _held, ...result }) => result);
  writeFileSync(
    plan.output,
    JSON.stringify({ results: written, reported, spans: telemetry.spans(), held }),
  );
}

async function runScenario(scenario, { plan, sdk, observer, watch, telemetry }) {
  const { id } = scenario;
  const skipped = reasonToSkip(scenario, { plan, sdk });
  if (skipped !== undefined) return { id, skipped, held: [] };
  const provider = await startProvider(scenario.answers ?? []);
  const held = [];
  const app = createApp({ plan, sdk, observer, provider, held, telemetry });
  let outcome;
  try {
    const running = Promise.resolve(scenario.app(app)).then((value) => ({
      value: describe(value),
    }));
    outcome = await within(scenario.limitMs ?? SCENARIO_LIMIT_MS, running, { timedOut: true });
  } catch (error) {
    outcome = { threw: describe(error) };
  }
  // what follows of itself, such as a connection given up, belongs to the scenario
  await sleep(5);
  const unasked = await watch.take();
  const seen = {
    ...outcome,
    log: app.logged,
    exchanges: describe(provider.exchanges.map(({ request }) => request)),
    unasked,
  };
  if (scenario.keepsProvider !== true) await provider.close();
  else telemetry.later(() => provider.close());
  const { unclassified, under } = scenario;
  return {
    id,
    port: provider.port,
    expected: expectedOf(scenario, plan),
    unclassified,
    under,
    seen,
    held,
  };
}

function reasonToSkip({ needs, notRegistered, once }, { plan, sdk }) {
  if (once === true && !plan.thorough) return "run in one way only";
  return needs?.(plan.subject, sdk) ?? (plan.way === "register" ? notRegistered : undefined);
}

function expectedOf({ reports, whenRegistered }, { mode, subject }) {
  if (mode !== "register") return reports;
  return (
    (typeof whenRegistered === "function" ? whenRegistered(subject) : whenRegistered) ?? reports
  );
}
