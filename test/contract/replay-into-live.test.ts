import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createObservability, type Event, type Observability } from "../../src/index.ts";
import { createSimulatedProvider } from "../../src/testing/index.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const provider = createSimulatedProvider({
  plan: () => ({ kind: "answer", promptTokens: 1_000, completionTokens: 100 }),
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rlm-live-"));
});
afterAll(() => rm(folder, { recursive: true }));

function start(): Observability {
  return createObservability({
    server: { enabled: false },
    log: { destination: "off" },
    events: { store: join(folder, "events") },
    // the first time, a folder takes some seconds
    shutdownTimeoutMs: 100_000,
  });
}

/** A turn of a conversation: agents, a tool, two calls. */
async function turn(obs: Observability, sessionId: string): Promise<void> {
  const fetch = obs.observe({ fetch: provider.fetch }).fetch;
  const call = async () => {
    const body = JSON.stringify({
      model: "gpt-4o-mini",
      messages: [{ role: "user", content: "Hi" }],
    });
    const response = await fetch("https://api.openai.com/v1/chat/completions", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    await response.json();
  };
  await obs.withContext({ userId: `of ${sessionId}` }, () =>
    obs.session(sessionId, () =>
      obs.agent("orchestrator", async () => {
        await call();
        await obs.agent("coder", () => obs.tool("search", call));
      }),
    ),
  );
}

/** All figures, without what a clock says of the present. */
const figures = ({ sessionMetrics, eventMetrics }: Observability) => ({
  sessions: sessionMetrics.list(),
  users: sessionMetrics.users(),
  totals: sessionMetrics.totals(),
  events: eventMetrics.snapshot(),
});

async function restore({ eventStore, sessionMetrics, eventMetrics }: Observability) {
  const counted = { sessions: 0, events: 0 };
  await eventStore?.replay({}, (event: Event) => {
    if (sessionMetrics.restore(event)) counted.sessions += 1;
    if (eventMetrics.restore(event)) counted.events += 1;
  });
  return counted;
}

test("figures go on where an earlier run has left them, and a replay counts nothing twice", async () => {
  const first = start();
  await turn(first, "a");
  await turn(first, "b");
  await first.forceFlush();
  const left = figures(first);
  await first.shutdown();

  const second = start();
  expect((await restore(second)).sessions).toBeGreaterThan(0);
  expect(figures(second)).toEqual(left);
  expect(await restore(second)).toEqual({ sessions: 0, events: 0 });
  expect(figures(second)).toEqual(left);

  await turn(second, "a");
  const gone = figures(second);
  expect(gone.totals).toMatchObject({ count: 2, total_requests: 6 });
  await second.forceFlush();
  expect(await restore(second)).toEqual({ sessions: 0, events: 0 });
  expect(figures(second)).toEqual(gone);
  await second.shutdown();
});
