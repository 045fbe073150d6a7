import { readFileSync } from "node:fs";
import type { PriceCalculation, Provider } from "@pydantic/genai-prices";
import type { Usage } from "../events/index.ts";
import { BundledPrices } from "./bundled-prices.ts";

/** The bundled table's ids of providers, where they differ from `gen_ai.provider.name`. */
const TABLE_PROVIDER: Readonly<Record<string, string>> = {
  "aws.bedrock": "aws",
  "azure.ai.openai": "azure",
  "azure.ai.inference": "azure",
  "gcp.gemini": "google",
  "gcp.gen_ai": "google",
  "gcp.vertex_ai": "google",
  mistral_ai: "mistral",
  moonshot_ai: "moonshotai",
  together_ai: "together",
  x_ai: "x-ai",
};

/** Models whose table entry is remembered, for each table. */
const MAX_CACHED_MODELS = 1000;

export interface TablePrice {
  readonly inputUsd: number;
  readonly outputUsd: number;
  readonly totalUsd: number;
}

export interface PriceTable {
  /** e.g. `genai-prices@0.1.8`. */
  readonly version: string;
  /** `undefined`: the table does not know the model, or the usage contradicts itself. */
  price(provider: string, model: string, usage: Usage, at: Date): TablePrice | undefined;
  /** False until it is needed, or `load()` was called. */
  readonly isLoaded: boolean;
  /** Rejects if the table is nowhere; everything is unpriced then. */
  load(): Promise<void>;
}

/** The price table bundled with `@pydantic/genai-prices`; nothing is fetched. */
export function createPriceTable(): PriceTable {
  const entries = new Map<string, Entry | null>();
  const prices = new BundledPrices();
  let version: string | undefined;

  /** Finding the model costs a scan over all of them, so it is done once. */
  function entryFor(provider: string, model: string, at: Date): Entry | null {
    const key = `${provider}\u0000${model}`;
    const known = entries.get(key);
    if (known !== undefined) return known;
    const bundled = prices.now();
    if (bundled === undefined) return null;
    const probe = bundled.calcPrice({ input_tokens: 1, output_tokens: 1 }, model, {
      providerId: TABLE_PROVIDER[provider] ?? provider,
      timestamp: at,
    });
    const entry = probe === null ? null : entryOf(probe);
    if (entries.size < MAX_CACHED_MODELS) entries.set(key, entry);
    return entry;
  }

  return {
    get version() {
      return (version ??= tableVersion());
    },
    get isLoaded() {
      return prices.isLoaded;
    },
    load: () => prices.load(),
    price(provider, model, usage, at) {
      try {
        const entry = entryFor(provider, model, at);
        if (entry === null) return undefined;
        if (entry.audioHourUsd !== undefined) return audioPrice(entry.audioHourUsd, usage);
        if (usage.inputTokens === undefined && usage.outputTokens === undefined) return undefined;
        const flat = entry.flat && flatPrice(entry.flat, usage);
        if (flat) return flat;
        const options = { provider: entry.provider, timestamp: at };
        const price = prices.now()?.calcPrice(toTableUsage(usage), model, options);
        if (!price) return undefined;
        return {
          inputUsd: price.input_price,
          outputUsd: price.output_price,
          totalUsd: price.total_price,
        };
      } catch {
        // it throws on usage that contradicts itself, e.g. more cached than input tokens
        return undefined;
      }
    },
  };
}

interface Entry {
  /** The provider with just this model. */
  readonly provider: Provider;
  readonly flat: FlatPrices | undefined;
  /** US dollars for an hour of audio; a model that has it is not sold by tokens. */
  readonly audioHourUsd: number | undefined;
}

/** Prices that depend on nothing but the number of tokens. US dollars for a million tokens. */
interface FlatPrices {
  readonly input: number;
  readonly cacheRead: number | undefined;
  readonly output: number;
}

/** `null` for a model that is sold neither by tokens nor by the hour: what it costs is not known, which is not $0. */
function entryOf({ provider, model, model_price: price }: PriceCalculation): Entry | null {
  const { input_mtok: input, cache_read_mtok: cacheRead, output_mtok: output } = price;
  const byTokens = input !== undefined || output !== undefined;
  const hour: unknown = Reflect.get(price, "input_audio_hours");
  const audioHourUsd = !byTokens && typeof hour === "number" ? hour : undefined;
  if (!byTokens && audioHourUsd === undefined) return null;
  // a list of prices has dates or times of day, an object tiers
  const isFlat =
    !Array.isArray(model.prices) &&
    typeof input === "number" &&
    typeof output === "number" &&
    typeof cacheRead !== "object";
  return {
    provider: { ...provider, models: [model] },
    flat: isFlat ? { input, cacheRead, output } : undefined,
    audioHourUsd,
  };
}

/** What most calls need, without the table's own machinery; `undefined` where that has to decide. */
function flatPrice(price: FlatPrices, usage: Usage): TablePrice | undefined {
  const { inputTokens = 0, outputTokens = 0, cacheReadTokens = 0 } = usage;
  if (usage.cacheWriteTokens || hasOtherThanText(usage)) return undefined;
  if (cacheReadTokens > inputTokens) return undefined;
  if (cacheReadTokens > 0 && price.cacheRead === undefined) return undefined;
  const freshUsd = (inputTokens - cacheReadTokens) * price.input;
  const inputUsd = (freshUsd + cacheReadTokens * (price.cacheRead ?? 0)) / 1_000_000;
  const outputUsd = (outputTokens * price.output) / 1_000_000;
  return { inputUsd, outputUsd, totalUsd: inputUsd + outputUsd };
}

function audioPrice(hourUsd: number, { inputAudioSeconds }: Usage): TablePrice | undefined {
  if (inputAudioSeconds === undefined) return undefined;
  const inputUsd = (inputAudioSeconds / 3600) * hourUsd;
  return { inputUsd, outputUsd: 0, totalUsd: inputUsd };
}

function hasOtherThanText(usage: Usage): boolean {
  const { inputAudioTokens, outputAudioTokens, inputImageTokens, outputImageTokens } = usage;
  return Boolean(inputAudioTokens || outputAudioTokens || inputImageTokens || outputImageTokens);
}

function toTableUsage(usage: Usage): Record<string, number> {
  const fields: Record<string, number | undefined> = {
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    cache_read_tokens: usage.cacheReadTokens,
    cache_write_tokens: usage.cacheWriteTokens,
    input_audio_tokens: usage.inputAudioTokens,
    output_audio_tokens: usage.outputAudioTokens,
    input_image_tokens: usage.inputImageTokens,
    output_image_tokens: usage.outputImageTokens,
  };
  const result: Record<string, number> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined && value > 0) result[key] = value;
  }
  return result;
}

function tableVersion(): string {
  try {
    const entry = new URL(import.meta.resolve("@pydantic/genai-prices"));
    const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", entry), "utf8"));
    return `genai-prices@${(manifest as { version: string }).version}`;
  } catch {
    return "genai-prices@unknown";
  }
}
