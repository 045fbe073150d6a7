import { readFileSync } from "node:fs";
import { calcPrice, type PriceCalculation } from "@pydantic/genai-prices";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { Cost, PriceOverride, Usage } from "../events/index.ts";
import { createPricer, type PricedCall, type Pricer } from "./create-pricer.ts";

const AT = new Date("2026-06-01T12:00:00Z");

function call(overrides: Partial<PricedCall> = {}): PricedCall {
  return {
    provider: "openai",
    model: "gpt-4o",
    serverAddress: "api.openai.com",
    usage: { inputTokens: 1_000, outputTokens: 500 },
    at: AT,
    ...overrides,
  };
}

/** With the table loaded, or with nothing to be loaded for. */
function isKnown(pricer: Pricer, overrides: Partial<PricedCall>): boolean {
  const then = vi.fn();
  pricer.price(call());
  pricer.ifKnown(call(overrides), then);
  return then.mock.calls.length > 0;
}

const tokens = fc.integer({ min: 1, max: 2_000_000 });

/** Usage whose parts are really parts. */
const usage = fc
  .record({ fresh: tokens, read: fc.nat(100_000), written: fc.nat(100_000), output: tokens })
  .map(
    ({
      fresh,
      read,
      written,
      output,
    }): Required<
      Pick<Usage, "inputTokens" | "outputTokens" | "cacheReadTokens" | "cacheWriteTokens">
    > => ({
      inputTokens: fresh + read + written,
      cacheReadTokens: read,
      cacheWriteTokens: written,
      outputTokens: output,
    }),
  );

/** The same sum in another order: equal to a billionth of a thousandth of a dollar. */
function costLike(price: PriceCalculation, { tableVersion }: Pricer): Cost {
  const near = (usd: number) => expect.closeTo(usd, 12) as number;
  return {
    inputUsd: near(price.input_price),
    outputUsd: near(price.output_price),
    totalUsd: near(price.total_price),
    source: "table",
    tableVersion,
  };
}

it("the price of estimated tokens says that it is one", () => {
  const overrides = { "gpt-4o": { inputPerMillion: 1, outputPerMillion: 2 } };
  const { price } = createPricer({ overrides });
  const used = { inputTokens: 1000, outputTokens: 500 };
  const told = price(call({ model: "gpt-4o", usage: used }));
  expect(told?.totalUsd).toBeGreaterThan(0);
  expect(price(call({ model: "gpt-4o", usage: { ...used, estimated: "all" } }))).toEqual({
    ...told,
    estimated: true,
  });
});

describe("what is no text", () => {
  const pricer = createPricer();
  const { price } = pricer;

  it("has a price of its own: an image costs more than as many tokens of text", () => {
    const drawn = { inputTokens: 300, outputTokens: 1000, inputImageTokens: 200 };
    const image = price(call({ model: "gpt-image-1", usage: drawn }));
    expect(image?.inputUsd).toBeCloseTo((100 * 5 + 200 * 10) / 1_000_000, 12);
    expect(image?.outputUsd).toBeCloseTo((1000 * 40) / 1_000_000, 12);
  });

  it("costs the same as text where the table tells no difference", () => {
    const read = { inputTokens: 300, outputTokens: 100 };
    const seen = price(call({ usage: { ...read, inputImageTokens: 200 } }));
    expect(seen).toEqual(price(call({ usage: read })));
  });

  it("is sold by the hour, where it is not sold by tokens", () => {
    const heard = price(call({ model: "whisper-1", usage: { inputAudioSeconds: 90 } }));
    expect(heard).toMatchObject({ source: "table", outputUsd: 0 });
    // $0.006 a minute
    expect(heard?.totalUsd).toBeCloseTo(0.009, 12);
  });

  it("has an unknown price, and not $0, in a measure that it is not sold in", () => {
    expect(price(call({ model: "whisper-1" }))).toBeUndefined();
    expect(isKnown(pricer, { model: "whisper-1" })).toBe(false);
    expect(price(call({ usage: { inputAudioSeconds: 60 } }))).toBeUndefined();
    const overrides = { "my-whisper": { inputPerMillion: 2, outputPerMillion: 4 } };
    const mine = createPricer({ overrides });
    const heard = call({ model: "my-whisper", usage: { inputAudioSeconds: 60 } });
    expect(mine.price(heard)).toBeUndefined();
  });
});

describe("the price table", () => {
  const models = fc.constantFrom(
    ["openai", "openai", "gpt-4o", "api.openai.com"],
    ["openai", "openai", "gpt-4o-mini-2024-07-18", "api.openai.com"],
    ["openai", "openai", "o4-mini", "api.openai.com"],
    ["anthropic", "anthropic", "claude-sonnet-4-5", "api.anthropic.com"],
    ["gcp.gemini", "google", "gemini-2.5-pro", "generativelanguage.googleapis.com"],
    ["mistral_ai", "mistral", "mistral-large-latest", "api.mistral.ai"],
    ["x_ai", "x-ai", "grok-3", "api.x.ai"],
    ["groq", "groq", "llama-3.3-70b-versatile", "api.groq.com"],
    ["deepseek", "deepseek", "deepseek-chat", "api.deepseek.com"],
    ["azure.ai.openai", "azure", "gpt-4o", "x.openai.azure.com"],
  );
  const dates = fc.date({
    min: new Date("2024-06-01"),
    max: new Date("2027-01-01"),
    noInvalidDate: true,
  });
  const pricer = createPricer();

  it("gives what genai-prices itself computes, at any time, in whichever order it is asked", () => {
    let priced = 0;
    fc.assert(
      fc.property(models, usage, dates, ([provider, providerId, model, host], used, at) => {
        const expected = calcPrice(
          {
            input_tokens: used.inputTokens,
            output_tokens: used.outputTokens,
            ...(used.cacheReadTokens > 0 && { cache_read_tokens: used.cacheReadTokens }),
            ...(used.cacheWriteTokens > 0 && { cache_write_tokens: used.cacheWriteTokens }),
          },
          model,
          { providerId, timestamp: at },
        );
        const cost = pricer.price(
          call({
            provider,
            model,
            serverAddress: host,
            usage: used,
            at,
          }),
        );
        priced += Number(cost !== undefined);
        expect(cost).toEqual(expected === null ? undefined : costLike(expected, pricer));
      }),
      { numRuns: 500 },
    );
    expect(priced).toBeGreaterThan(250);
  });

  it("names its version, which is the one installed", () => {
    const manifest = new URL(
      "../../node_modules/@pydantic/genai-prices/package.json",
      import.meta.url,
    );
    const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
    expect(pricer.tableVersion).toBe(`genai-prices@${version}`);
  });

  it("asks for the model that answered first, then for the one requested", () => {
    const mini = pricer.price(call({ model: "gpt-4o-mini" }));
    expect(pricer.price(call({ model: "gpt-4o", responseModel: "gpt-4o-mini" }))).toEqual(mini);
    expect(pricer.price(call({ model: "gpt-4o-mini", responseModel: "no such model" }))).toEqual(
      mini,
    );
  });

  it.each(["flex", "priority", "batch"])("does not know the price of tier %s", (serviceTier) => {
    expect(createPricer().price(call({ serviceTier }))).toBeUndefined();
    expect(createPricer().price(call({ serviceTier: "default" }))).toBeDefined();
  });

  it("makes cached tokens cheaper than fresh ones", () => {
    const fresh = pricer.price(call())?.inputUsd ?? 0;
    const cached = pricer.price(
      call({ usage: { inputTokens: 1_000, outputTokens: 500, cacheReadTokens: 1_000 } }),
    );
    expect(cached?.inputUsd).toBeGreaterThan(0);
    expect(cached?.inputUsd).toBeLessThan(fresh);
  });
});

describe("unknown is undefined", () => {
  const pricer = createPricer();

  it.each<[string, Partial<PricedCall>]>([
    ["a model that nobody knows", { model: "my-own-model" }],
    ["a provider that nobody knows", { provider: "acme", serverAddress: "api.acme.example" }],
    ["no usage", { usage: {} }],
    ["usage without totals", { usage: { cacheReadTokens: 5 } }],
    [
      "more cached than input tokens",
      { usage: { inputTokens: 1, outputTokens: 1, cacheReadTokens: 5 } },
    ],
    ["a private host", { serverAddress: "127.0.0.1" }],
    ["a private host by IPv6", { serverAddress: "[::1]" }],
    ["a private host by a mapped address", { serverAddress: "[::ffff:7f00:1]" }],
  ])("for %s", (_what, overrides) => {
    expect(pricer.price(call(overrides))).toBeUndefined();
    // a second time, from the cache
    expect(pricer.price(call(overrides))).toBeUndefined();
  });

  it("never throws, and never gives anything negative or not finite", () => {
    const anything = fc.record(
      {
        inputTokens: fc.nat(),
        outputTokens: fc.nat(),
        cacheReadTokens: fc.nat(),
        cacheWriteTokens: fc.nat(),
        inputAudioTokens: fc.nat(),
        outputAudioTokens: fc.nat(),
        reasoningTokens: fc.nat(),
      },
      { requiredKeys: [] },
    );
    const model = fc.oneof(fc.constantFrom("gpt-4o", "gpt-4o-audio-preview"), fc.string());
    fc.assert(
      fc.property(anything, model, fc.string(), (used, name, provider) => {
        for (const from of ["openai", provider]) {
          const cost = pricer.price(call({ provider: from, model: name, usage: used }));
          for (const usd of [cost?.totalUsd, cost?.inputUsd, cost?.outputUsd]) {
            expect(usd ?? 0).toBeGreaterThanOrEqual(0);
            expect(Number.isFinite(usd ?? 0)).toBe(true);
          }
        }
      }),
    );
  });

  it("but a private host has the table's price when it is asked for", () => {
    const asked = createPricer({ privateHosts: true });
    expect(asked.price(call({ serverAddress: "127.0.0.1" }))).toEqual(pricer.price(call()));
  });

  it("is told beforehand", () => {
    expect(isKnown(pricer, {})).toBe(true);
    expect(isKnown(pricer, { model: "my-own-model" })).toBe(false);
    expect(isKnown(pricer, { serverAddress: "localhost" })).toBe(false);
  });

  it("is told as soon as the table is loaded, and only once", async () => {
    const fresh = createPricer();
    const known = vi.fn();
    const unknown = vi.fn();
    fresh.ifKnown(call({ model: "my-own-model" }), unknown);
    fresh.ifKnown(call(), known);
    expect(known).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(known).toHaveBeenCalled());
    fresh.price(call());
    expect(known).toHaveBeenCalledTimes(1);
    expect(unknown).not.toHaveBeenCalled();
  });
});

describe("an override", () => {
  const price = (inputPerMillion: number, outputPerMillion = 0): PriceOverride => ({
    inputPerMillion,
    outputPerMillion,
  });

  it("by provider and model beats one by model, which beats the table", () => {
    const both = createPricer({ overrides: { "openai/gpt-4o": price(1), "gpt-4o": price(2) } });
    const byModel = createPricer({ overrides: { "gpt-4o": price(2), "groq/gpt-4o": price(3) } });
    expect(both.price(call())).toMatchObject({ inputUsd: 0.001, source: "override" });
    expect(byModel.price(call())).toMatchObject({ inputUsd: 0.002, source: "override" });
    expect(byModel.price(call())).not.toHaveProperty("tableVersion");
  });

  it("holds for private hosts and for models that nobody knows", () => {
    const pricer = createPricer({ overrides: { mine: price(1) } });
    expect(pricer.price(call({ model: "mine", serverAddress: "localhost" }))).toBeDefined();
    expect(isKnown(pricer, { model: "mine", serverAddress: "localhost" })).toBe(true);
  });

  it("of the requested model holds when the answer names another", () => {
    const pricer = createPricer({ overrides: { mine: price(1) } });
    const cost = pricer.price(call({ model: "mine", responseModel: "gpt-4o-2024-08-06" }));
    expect(cost).toMatchObject({ source: "override" });
  });

  it("of 0 is a price", () => {
    const pricer = createPricer({ overrides: { "gpt-4o": price(0) } });
    expect(pricer.price(call())).toMatchObject({ totalUsd: 0, source: "override" });
  });

  it("adds up to what its parts cost, cached tokens at their own price or else the input's", () => {
    const perMillion = fc.double({ min: 0, max: 100, noNaN: true });
    const override = fc.record(
      {
        inputPerMillion: perMillion,
        outputPerMillion: perMillion,
        cacheReadPerMillion: perMillion,
        cacheWritePerMillion: perMillion,
      },
      { requiredKeys: ["inputPerMillion", "outputPerMillion"] },
    );
    fc.assert(
      fc.property(override, usage, (given, used) => {
        const pricer = createPricer({ overrides: { "gpt-4o": given } });
        const cost = pricer.price(call({ usage: used }));
        const { cacheReadTokens: read, cacheWriteTokens: written } = used;
        const fresh = used.inputTokens - read - written;
        const expected =
          (fresh / 1e6) * given.inputPerMillion +
          (read / 1e6) * (given.cacheReadPerMillion ?? given.inputPerMillion) +
          (written / 1e6) * (given.cacheWritePerMillion ?? given.inputPerMillion);
        expect(cost?.inputUsd).toBeCloseTo(expected, 9);
        expect(cost?.outputUsd).toBeCloseTo((used.outputTokens / 1e6) * given.outputPerMillion, 9);
        expect(cost?.totalUsd).toBe((cost?.inputUsd ?? 0) + (cost?.outputUsd ?? 0));
      }),
    );
  });

  it("makes nothing negative of usage that contradicts itself", () => {
    const pricer = createPricer({
      overrides: { "gpt-4o": { ...price(1), cacheReadPerMillion: 0.5 } },
    });
    const cost = pricer.price(
      call({ usage: { inputTokens: 10, cacheReadTokens: 50, cacheWriteTokens: 50 } }),
    );
    expect(cost).toMatchObject({ inputUsd: 5e-6, outputUsd: 0 });
  });
});
