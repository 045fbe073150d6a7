import type { Behaviour, Plan } from "./behaviour.ts";
import type { ChatRequest } from "./chat-request.ts";
import { type Random, seededRandom } from "./seeded-random.ts";

/** Answers request `i` with `behaviours[i]`, and every later one with the last. */
export function scriptedPlan(behaviours: readonly Behaviour[]): Plan {
  const last = behaviours.at(-1);
  if (!last) throw new RangeError("scriptedPlan() needs at least one behaviour");
  return (_request, index) => behaviours[index] ?? last;
}

/** One kind of behaviour, and how often it happens beside the others. */
export interface MixPart {
  readonly weight: number;
  /** A behaviour, or a function that draws one; it gets the numbers of this request only. */
  readonly behaviour: Behaviour | ((random: Random, request: ChatRequest) => Behaviour);
}

export interface RandomPlanOptions {
  readonly seed: number;
  readonly mix: readonly MixPart[];
}

/** Draws each behaviour from `mix`. Request `i` of a seed gets the same one in every run. */
export function randomPlan({ seed, mix }: RandomPlanOptions): Plan {
  const total = mix.reduce((sum, part) => sum + part.weight, 0);
  const last = mix.findLast((part) => part.weight > 0);
  if (!last) throw new RangeError("randomPlan() needs a mix with weights above 0");
  return (request, index) => {
    const random = randomOf(seed, index);
    // only rounding leads past the end of the mix
    const { behaviour } = pick(mix, random() * total) ?? last;
    return typeof behaviour === "function" ? behaviour(random, request) : behaviour;
  };
}

/** A generator for each index, so that the order of arrival can't change what a request draws. */
function randomOf(seed: number, index: number): Random {
  const random = seededRandom(seed ^ Math.imul(index + 1, 0x9e3779b1));
  random();
  return random;
}

function pick(mix: readonly MixPart[], point: number): MixPart | undefined {
  let rest = point;
  return mix.find((part) => {
    rest -= part.weight;
    return rest < 0;
  });
}
