import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { BundledPrices } from "./bundled-prices.ts";

let required: unknown;
let prices: BundledPrices;

beforeEach(async () => {
  vi.resetModules();
  const { BundledPrices } = await import("./bundled-prices.ts");
  prices = new BundledPrices();
});

afterEach(() => {
  vi.doUnmock("node:module");
});

const cost = () => prices.now()?.calcPrice({ input_tokens: 1_000_000 }, "gpt-4o")?.total_price;

it("nothing is loaded until it is needed", () => {
  expect(prices.isLoaded).toBe(false);
});

it("prices are there at once when a call has ended", () => {
  expect(cost()).toBeGreaterThan(0);
  expect(prices.isLoaded).toBe(true);
});

it("prices are loaded in a moment when a call has begun", async () => {
  const loading = prices.load();
  expect(prices.isLoaded).toBe(false);
  await loading;
  expect(prices.isLoaded).toBe(true);
  expect(prices.load()).toBe(loading);
});

describe("in a bundle without the package's folder", () => {
  beforeEach(async () => {
    vi.resetModules();
    required = vi.fn(() => {
      throw new Error("Cannot find module");
    });
    vi.doMock("node:module", () => ({ createRequire: () => required }));
    const { BundledPrices } = await import("./bundled-prices.ts");
    prices = new BundledPrices();
  });

  it("prices are there once the bundle's own part is loaded", async () => {
    expect(cost()).toBeUndefined();
    await prices.load();
    expect(cost()).toBeGreaterThan(0);
  });

  it("the folder is looked for once", () => {
    cost();
    cost();
    expect(required).toHaveBeenCalledTimes(1);
  });
});
