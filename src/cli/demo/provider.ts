import { createSimulatedProvider } from "../../testing/index.ts";
import { demoPlan, simulatedModels } from "./provider-plan.ts";

/** Environment variables, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The provider that the chat service talks to. */
export interface DemoProvider {
  readonly kind: "simulated" | "real";
  /** With `/v1`; missing: the SDK's own default. */
  readonly baseUrl?: string;
  readonly apiKey: string;
  /** Models to ask, with their share of the requests. */
  readonly models: readonly { readonly model: string; readonly share: number }[];
  /** Of an answer; small where it costs money. */
  readonly maxTokens: number;
  readonly ratePerSecond: number;
  readonly close: () => Promise<void>;
}

/** The real provider when there is a key for it, a simulated one on a loopback port otherwise. */
export async function startProvider(environment: Environment, seed: number): Promise<DemoProvider> {
  const apiKey = environment["OPENAI_API_KEY"];
  return apiKey ? realProvider(environment, apiKey) : startSimulatedProvider(seed);
}

function realProvider(environment: Environment, apiKey: string): DemoProvider {
  const baseUrl = environment["OPENAI_BASE_URL"];
  return {
    kind: "real",
    ...(baseUrl && { baseUrl }),
    apiKey,
    models: [{ model: environment["OPENAI_MODEL"] || "gpt-4o-mini", share: 1 }],
    maxTokens: 32,
    ratePerSecond: 0.2,
    close: async () => {},
  };
}

async function startSimulatedProvider(seed: number): Promise<DemoProvider> {
  const provider = createSimulatedProvider({ plan: demoPlan(seed), maxRecordedRequests: 1 });
  const server = await provider.listen();
  return {
    kind: "simulated",
    baseUrl: `${server.url}/v1`,
    apiKey: "simulated",
    models: simulatedModels,
    maxTokens: 400,
    ratePerSecond: 5,
    close: server.close,
  };
}
