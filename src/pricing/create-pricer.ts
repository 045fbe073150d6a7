import { createDiagnostics, type Diagnostics, loadLater } from "../diagnostics/index.ts";
import type { Cost, PriceOverride, Usage } from "../events/index.ts";
import { createPriceTable } from "./price-table.ts";
import { isPrivateHost } from "./private-host.ts";

export interface PricerOptions {
  /** By `provider/model` or by model; the first beats the second. */
  readonly overrides?: Readonly<Record<string, PriceOverride>>;
  /** Price what private hosts answer by the table, too. */
  readonly privateHosts?: boolean;
  readonly diagnostics?: Pick<Diagnostics, "warnOnce">;
}

export interface PricedCall {
  readonly provider: string;
  /** Model as requested. */
  readonly model: string;
  /** Model as answered; more exact, so it is looked up first. */
  readonly responseModel?: string | undefined;
  readonly serverAddress: string;
  /** As answered; decides the price. */
  readonly serviceTier?: string | undefined;
  readonly usage: Usage;
  readonly at: Date;
}

export interface Pricer {
  readonly tableVersion: string;
  /** `undefined` means unknown, which is never $0. Pure but for its cache; never throws. */
  price(call: PricedCall): Cost | undefined;
  /** Calls `then` if a call of this model would have a price, at the latest when the price table is loaded. */
  ifKnown(call: PricedModel, then: () => void): void;
}

export type PricedModel = Pick<PricedCall, "provider" | "model" | "serverAddress">;

/** What the table's prices hold for; it knows nothing of `flex`, `priority` or `batch`, which cost less or more. */
const STANDARD_TIERS: ReadonlySet<string> = new Set(["auto", "default", "on_demand", "standard"]);

const MAX_REMEMBERED_HOSTS = 256;

const ONE_TOKEN_EACH: Usage = { inputTokens: 1, outputTokens: 1 };

/** Usage → cost: the user's own prices, then the bundled table, then unknown. */
export function createPricer(options: PricerOptions = {}): Pricer {
  const overrides = new Map(Object.entries(options.overrides ?? {}));
  const table = createPriceTable();
  const { diagnostics = createDiagnostics() } = options;
  const isPrivate = remembered(isPrivateHost);
  const load = loadLater("pricing", () => table.load(), diagnostics);

  function overrideFor(
    call: PricedModel & Pick<PricedCall, "responseModel">,
  ): PriceOverride | undefined {
    if (overrides.size === 0) return undefined;
    for (const model of modelsOf(call)) {
      const found = overrides.get(`${call.provider}/${model}`) ?? overrides.get(model);
      if (found) return found;
    }
    return undefined;
  }

  function isInTable({ serverAddress }: PricedModel): boolean {
    return options.privateHosts === true || !isPrivate(serverAddress);
  }

  function fromTable(call: PricedCall): Cost | undefined {
    if (call.serviceTier !== undefined && !STANDARD_TIERS.has(call.serviceTier)) return undefined;
    if (!isInTable(call)) return undefined;
    for (const model of modelsOf(call)) {
      const found = table.price(call.provider, model, call.usage, call.at);
      if (found) {
        const { totalUsd, inputUsd, outputUsd } = found;
        return { totalUsd, inputUsd, outputUsd, source: "table", tableVersion: table.version };
      }
    }
    return undefined;
  }

  function price(call: PricedCall): Cost | undefined {
    const { inputTokens, outputTokens, inputAudioSeconds } = call.usage;
    if ((inputTokens ?? outputTokens ?? inputAudioSeconds) === undefined) return undefined;
    const override = overrideFor(call);
    const cost = override ? fromOverride(override, call.usage) : fromTable(call);
    return cost && call.usage.estimated ? { ...cost, estimated: true } : cost;
  }

  function isKnown(call: PricedModel): boolean {
    return price({ ...call, usage: ONE_TOKEN_EACH, at: new Date() }) !== undefined;
  }

  return {
    get tableVersion() {
      return table.version;
    },
    price,
    ifKnown(call, then) {
      if (overrideFor(call) || table.isLoaded) {
        if (isKnown(call)) then();
      } else if (isInTable(call)) {
        // reported already where it fails
        void load().then(
          () => isKnown(call) && then(),
          () => {},
        );
      }
    },
  };
}

/** Remembers the answers for the few hosts that an application calls. */
function remembered(ask: (host: string) => boolean): (host: string) => boolean {
  const answers = new Map<string, boolean>();
  return (host) => {
    const known = answers.get(host);
    if (known !== undefined) return known;
    if (answers.size >= MAX_REMEMBERED_HOSTS) answers.clear();
    const answer = ask(host);
    answers.set(host, answer);
    return answer;
  };
}

function modelsOf(call: Pick<PricedCall, "model" | "responseModel">): readonly string[] {
  return call.responseModel === undefined || call.responseModel === call.model
    ? [call.model]
    : [call.responseModel, call.model];
}

/** An override is a price of tokens. */
function fromOverride(price: PriceOverride, usage: Usage): Cost | undefined {
  if (usage.inputTokens === undefined && usage.outputTokens === undefined) return undefined;
  const input = usage.inputTokens ?? 0;
  // parts of the input; a provider's contradiction must not make the rest negative
  const cacheRead = Math.min(usage.cacheReadTokens ?? 0, input);
  const cacheWrite = Math.min(usage.cacheWriteTokens ?? 0, input - cacheRead);
  const inputUsd =
    ((input - cacheRead - cacheWrite) * price.inputPerMillion +
      cacheRead * (price.cacheReadPerMillion ?? price.inputPerMillion) +
      cacheWrite * (price.cacheWritePerMillion ?? price.inputPerMillion)) /
    1_000_000;
  const outputUsd = ((usage.outputTokens ?? 0) * price.outputPerMillion) / 1_000_000;
  return { inputUsd, outputUsd, totalUsd: inputUsd + outputUsd, source: "override" };
}
