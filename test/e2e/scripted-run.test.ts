import OpenAI from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createObservability, type Observability } from "../../src/index.ts";
import {
  type Behaviour,
  createSimulatedProvider,
  type ListeningHandler,
} from "../../src/testing/index.ts";
import { poll } from "../support/poll.ts";
import { describeWith } from "./binaries.ts";
import { type Prometheus, startPrometheus } from "./prometheus.ts";

const CALLS = 500;
const CONCURRENCY = 20;

/** What call number `n` does, what it uses, and how it must end. */
interface Script {
  readonly model: "gpt-4o-mini" | "gpt-4o";
  readonly stream: boolean;
  readonly leave: boolean;
  readonly behaviours: readonly Behaviour[];
  readonly status: "success" | "error" | "abandoned" | "truncated";
  readonly usage?: {
    readonly prompt: number;
    readonly cached: number;
    readonly completion: number;
  };
}

/** US dollars for a million tokens, from the providers' price lists of the bundled table's date. */
const PRICES = {
  "gpt-4o-mini": { prompt: 0.15, cached: 0.075, completion: 0.6 },
  "gpt-4o": { prompt: 2.5, cached: 1.25, completion: 10 },
} as const;

function script(n: number): Script {
  const model = n % 3 === 0 ? "gpt-4o" : "gpt-4o-mini";
  const usage = { prompt: 100 + n, cached: n % 7 === 0 ? 64 : 0, completion: 10 + (n % 50) };
  const answer: Behaviour = {
    kind: "answer",
    promptTokens: usage.prompt,
    cachedTokens: usage.cached,
    completionTokens: usage.completion,
  };
  const base = { model, stream: false, leave: false } as const;
  switch (n % 10) {
    case 0:
      return { ...base, behaviours: [{ kind: "status", status: 400 }], status: "error" };
    case 1:
      return {
        ...base,
        behaviours: [{ kind: "status", status: 429, retryAfterMs: 1 }, answer],
        status: "success",
        usage,
      };
    case 2:
      return {
        ...base,
        stream: true,
        behaviours: [{ kind: "cut", afterChunks: 2 }],
        status: "truncated",
      };
    case 3:
      return {
        ...base,
        stream: true,
        leave: true,
        behaviours: [{ ...answer, chunks: 6, chunkDelayMs: 2 }],
        status: "abandoned",
      };
    case 4:
    case 5:
    case 6:
      return { ...base, stream: true, behaviours: [answer], status: "success", usage };
    default:
      return { ...base, behaviours: [answer], status: "success", usage };
  }
}

const scripts = Array.from({ length: CALLS }, (_, n) => script(n));

describeWith(["prometheus"], `a scripted run of ${CALLS} calls`, () => {
  let obs: Observability;
  let server: ListeningHandler;
  let prometheus: Prometheus;

  beforeAll(async () => {
    const attempts = new Map<number, number>();
    const provider = createSimulatedProvider({
      plan: ({ body }) => {
        const [message] = body["messages"] as readonly { readonly content: string }[];
        const n = Number(message?.content);
        const attempt = attempts.get(n) ?? 0;
        attempts.set(n, attempt + 1);
        return scripts[n]?.behaviours[attempt] ?? { kind: "status", status: 500 };
      },
    });
    server = await provider.listen();
    obs = createObservability({
      server: { port: 0 },
      log: { destination: "off" },
      pricing: { privateHosts: true },
    });
    const { url } = await obs.ready();
    prometheus = await startPrometheus({ scrapeUrl: `${url}/metrics`, scrapeIntervalSeconds: 1 });
    const openai = obs.observe(
      new OpenAI({ apiKey: "sk-test", baseURL: `${server.url}/v1`, maxRetries: 1 }),
    );
    let next = 0;
    const worker = async () => {
      for (let n = next++; n < CALLS; n = next++) await call(openai, n);
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
    await poll(
      "the last scrape",
      async () => (await total("sum(rlm_requests_total)")) === CALLS,
      20_000,
    );
  }, 120_000);

  afterAll(async () => {
    await prometheus?.stop();
    await obs?.shutdown();
    await server?.close();
  });

  async function call(openai: OpenAI, n: number): Promise<void> {
    const { model, stream, leave } = scripts[n] ?? script(n);
    const messages = [{ role: "user" as const, content: String(n) }];
    try {
      if (!stream) {
        await openai.chat.completions.create({ model, messages });
        return;
      }
      const options = { include_usage: true };
      const chunks = await openai.chat.completions.create({
        model,
        messages,
        stream,
        stream_options: options,
      });
      for await (const _chunk of chunks) if (leave) break;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
    }
  }

  async function total(expression: string): Promise<number> {
    const [sample] = await prometheus.query(expression);
    return sample?.value ?? 0;
  }

  function priced(model: Script["model"]) {
    return scripts.filter((item) => item.model === model).flatMap(({ usage }) => usage ?? []);
  }

  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

  test.each(["success", "error", "abandoned", "truncated", "aborted"] as const)(
    "counts every operation that ended in %s, by model",
    async (status) => {
      for (const model of ["gpt-4o-mini", "gpt-4o"] as const) {
        const expected = scripts.filter((s) => s.status === status && s.model === model).length;
        const labels = `provider="openai",model="${model}",status="${status}",operation="chat"`;
        expect(await total(`rlm_requests_total{${labels}}`)).toBe(expected);
      }
    },
  );

  test("counts every token, by model and type", async () => {
    for (const model of ["gpt-4o-mini", "gpt-4o"] as const) {
      const usages = priced(model);
      const labels = `provider="openai",model="${model}"`;
      expect(await total(`rlm_tokens_total{${labels},type="prompt"}`)).toBe(
        sum(usages.map(({ prompt }) => prompt)),
      );
      expect(await total(`rlm_tokens_total{${labels},type="completion"}`)).toBe(
        sum(usages.map(({ completion }) => completion)),
      );
      expect(await total(`rlm_token_details_total{${labels},kind="cached_prompt"}`)).toBe(
        sum(usages.map(({ cached }) => cached)),
      );
    }
  });

  test("costs what the price list says, to a billionth of a dollar", async () => {
    for (const model of ["gpt-4o-mini", "gpt-4o"] as const) {
      const price = PRICES[model];
      const expected = sum(
        priced(model).map(
          ({ prompt, cached, completion }) =>
            ((prompt - cached) * price.prompt +
              cached * price.cached +
              completion * price.completion) /
            1e6,
        ),
      );
      const cost = await total(`rlm_cost_usd_total{provider="openai",model="${model}"}`);
      expect(Math.abs(cost - expected)).toBeLessThan(1e-9);
    }
  });

  test("counts errors by type, attempts and retries", async () => {
    const count = (status: Script["status"]) => scripts.filter((s) => s.status === status).length;
    const errors = await total("sum(rlm_errors_total)");
    expect(errors).toBe(count("error") + count("truncated"));
    const retried = scripts.filter(({ behaviours }) => behaviours.length > 1).length;
    expect(await total('sum(rlm_retries_total{reason="429"})')).toBe(retried);
    expect(await total('sum(rlm_attempts_total{result="429"})')).toBe(retried);
    expect(await total("sum(rlm_attempts_total)")).toBe(CALLS + retried);
  });

  test("says the same in the standard metrics", async () => {
    expect(await total("sum(gen_ai_client_operation_duration_count)")).toBe(CALLS);
    const usages = [...priced("gpt-4o"), ...priced("gpt-4o-mini")];
    expect(await total('sum(gen_ai_client_token_usage_sum{gen_ai_token_type="input"})')).toBe(
      sum(usages.map(({ prompt }) => prompt)),
    );
    expect(await total("sum(rlm_latency_seconds_count)")).toBe(CALLS);
    expect(await total("sum(rlm_active_requests)")).toBe(0);
  });
});
