import {
  type Behaviour,
  type ChatRequest,
  type MixPart,
  type Plan,
  type Random,
  randomPlan,
} from "../../testing/index.ts";

/** Models of the simulated provider, how often each is asked, and how it answers. */
export const simulatedModels = [
  { model: "gpt-4o-mini", share: 0.6, latencyMs: 250, chunkDelayMs: 15, reasoning: false },
  { model: "gpt-4o", share: 0.3, latencyMs: 450, chunkDelayMs: 25, reasoning: false },
  { model: "o4-mini", share: 0.1, latencyMs: 900, chunkDelayMs: 20, reasoning: true },
] as const;

const limited: Behaviour = { kind: "status", status: 429, retryAfterMs: 400 };
const serverError: Behaviour = { kind: "status", status: 500, latencyMs: 80 };
const tooLong: Behaviour = { kind: "status", status: 400, code: "context_length_exceeded" };

/** Weights are per cent. Some 3 of 100 operations fail in the end: seen on every panel, and too few for an alert. */
const firstAttempts: readonly MixPart[] = [
  { weight: 88.8, behaviour: drawAnswer },
  { weight: 4, behaviour: limited },
  { weight: 3.5, behaviour: serverError },
  { weight: 1.5, behaviour: { kind: "hang" } },
  { weight: 0.8, behaviour: tooLong },
  { weight: 1.4, behaviour: { kind: "cut", afterChunks: 5, latencyMs: 200, chunkDelayMs: 20 } },
];

/** Trouble tends to last, so that some operations fail for good in spite of the SDK's retries. */
const retries: readonly MixPart[] = [
  { weight: 70, behaviour: drawAnswer },
  { weight: 10, behaviour: limited },
  { weight: 10, behaviour: serverError },
  { weight: 10, behaviour: { kind: "hang" } },
];

/** What the simulated provider of the demo does: mostly answers, and now and then all that goes wrong. */
export function demoPlan(seed: number): Plan {
  const first = randomPlan({ seed, mix: firstAttempts });
  const again = randomPlan({ seed, mix: retries });
  return (request, index) => (request.retryCount === 0 ? first : again)(request, index);
}

function drawAnswer(random: Random, request: ChatRequest): Behaviour {
  const known = simulatedModels.find(({ model }) => model === request.model) ?? simulatedModels[0];
  const promptTokens = 150 + request.messagesCount * 60 + whole(random, 200);
  const answerTokens = 30 + whole(random, 220);
  const reasoningTokens = known.reasoning ? 64 * (1 + whole(random, 8)) : 0;
  return {
    kind: "answer",
    promptTokens,
    completionTokens: answerTokens + reasoningTokens,
    reasoningTokens,
    // a long conversation finds its beginning in the provider's cache
    cachedTokens: request.messagesCount > 4 ? Math.floor(promptTokens / 2) : 0,
    // squared, so that a few are slow and most are not
    latencyMs: known.latencyMs * (0.5 + 2 * random() ** 2),
    chunkDelayMs: known.chunkDelayMs,
  };
}

function whole(random: Random, below: number): number {
  return Math.floor(random() * below);
}
