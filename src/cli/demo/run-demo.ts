import type OpenAI from "openai";
import type { ObservabilityOptions } from "../../config/options.ts";
import type { Observability } from "../../runtime/observability.ts";
import { seededRandom, type Sleep } from "../../testing/index.ts";
import { listen } from "../../testing/listen.ts";
import type { Output } from "../terminal.ts";
import { createAssistant } from "./assistant.ts";
import { createChatService } from "./chat-service.ts";
import type { DemoFlags } from "./flags.ts";
import { introduction } from "./introduction.ts";
import { startLiveSummary } from "./live-summary.ts";
import { demoOptions } from "./options.ts";
import { type DemoProvider, type Environment, startProvider } from "./provider.ts";
import { report } from "./report.ts";
import { createStatistics, type Snapshot, type Statistics } from "./statistics.ts";
import { Traffic, type TurnCounts } from "./traffic.ts";

/** What the demo needs of the world; tests bring their own. */
export interface DemoDependencies {
  readonly createObservability: (options: ObservabilityOptions) => Observability;
  readonly OpenAI: typeof OpenAI;
  readonly stdout: Output;
  readonly environment: Environment;
  /** Ends the demo: Ctrl-C, or the end of a test. */
  readonly signal: AbortSignal;
  /** Unix epoch in milliseconds. */
  readonly now: () => number;
  readonly sleep: Sleep;
  /** What calls under way may take when the demo ends; default 8,000. */
  readonly finishWithinMs?: number;
}

/** What happened, as seen on the event bus and by the visitors. */
export interface DemoResult {
  readonly snapshot: Snapshot;
  readonly turns: TurnCounts;
}

const CLIENT_TIMEOUT_MS = 3000;
const LAST_EVENTS_WITHIN_MS = 1000;

/** Runs the demo until its duration is over or `signal` aborts, and ends it in good order. */
export async function runDemo(flags: DemoFlags, world: DemoDependencies): Promise<DemoResult> {
  const provider = await startProvider(world.environment, flags.seed);
  try {
    return await runWith(provider, flags, world);
  } finally {
    await provider.close();
  }
}

async function runWith(
  provider: DemoProvider,
  flags: DemoFlags,
  world: DemoDependencies,
): Promise<DemoResult> {
  const { stdout, environment, sleep } = world;
  const observability = world.createObservability(demoOptions(flags, provider, world));
  const statistics = createStatistics(world.now);
  observability.subscribe(statistics.handle, { name: "demo-summary" });

  const client = observedClient(observability, provider, world.OpenAI);
  // draws of its own: what visitors do stays the same
  const chance = seededRandom(flags.seed + 1);
  const service = createChatService({
    observability,
    client,
    assistant: createAssistant({ observability, client, random: chance, sleep }),
    defaultModel: provider.models[0]?.model ?? "gpt-4o-mini",
    maxTokens: provider.maxTokens,
  });
  const server = await listen(service.handle);
  const serviceUrl = server.url;
  const ratePerSecond = flags.ratePerSecond ?? provider.ratePerSecond;
  const random = seededRandom(flags.seed);
  const { models } = provider;
  const traffic = new Traffic({ serviceUrl, models, ratePerSecond, random, sleep });

  const status = await observability.ready();
  stdout.write(introduction({ status, serviceUrl, provider, ratePerSecond, environment }));
  const live = flags.quiet ? undefined : startLiveSummary(stdout, statistics);

  await traffic.run(endOf(flags, world));
  await traffic.finish(world.finishWithinMs ?? 8000);
  // breaks what is still open, so that a call which nobody waits for ends too
  await server.close();
  await untilNothingIsActive(statistics, world);
  service.endSessions();
  const shutdown = await observability.shutdown();

  live?.stop();
  const result = { snapshot: statistics.snapshot(), turns: traffic.counts };
  stdout.write(report({ ...result, shutdown }));
  return result;
}

function observedClient(
  observability: Observability,
  { apiKey, baseUrl, kind }: DemoProvider,
  OpenAiClient: typeof OpenAI,
): OpenAI {
  const client = new OpenAiClient({
    apiKey,
    ...(baseUrl !== undefined && { baseURL: baseUrl }),
    // a real model may think longer than the simulated ones ever do
    ...(kind === "simulated" && { timeout: CLIENT_TIMEOUT_MS }),
    logLevel: "off",
  });
  return observability.observe(client, kind === "simulated" ? { provider: "openai" } : {});
}

/** Aborts when the demo is to end: in good time, or because it was interrupted. */
function endOf({ durationMs }: DemoFlags, { signal, sleep }: DemoDependencies): AbortSignal {
  if (durationMs === undefined) return signal;
  // not `AbortSignal.any` with `AbortSignal.timeout`: Node.js 20 may collect the pair before it fires
  const ending = new AbortController();
  const end = () => ending.abort();
  sleep(durationMs, signal).then(end, end);
  return ending.signal;
}

async function untilNothingIsActive(
  statistics: Statistics,
  { now, sleep }: DemoDependencies,
): Promise<void> {
  const deadline = now() + LAST_EVENTS_WITHIN_MS;
  while (statistics.active > 0 && now() < deadline) await sleep(10);
}
