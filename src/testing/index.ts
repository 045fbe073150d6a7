/**
 * A simulated LLM provider, and a collector of events, for the tests of applications that use this package.
 *
 * @packageDocumentation
 */
export type {
  AnswerBehaviour,
  Behaviour,
  CutBehaviour,
  Plan,
  StatusBehaviour,
} from "./behaviour.ts";
export type { ChatRequest } from "./chat-request.ts";
export { collectEvents, type EventCollector, type Subscribable } from "./collect-events.ts";
export type { ListeningHandler, ListenOptions } from "./listen.ts";
export { type MixPart, randomPlan, type RandomPlanOptions, scriptedPlan } from "./plans.ts";
export type { RecordedRequest } from "./request-log.ts";
export type { Delivery } from "./response-body.ts";
export { type Random, seededRandom } from "./seeded-random.ts";
export {
  createSimulatedProvider,
  type SimulatedProvider,
  type SimulatedProviderOptions,
} from "./simulated-provider.ts";
export type { Sleep } from "./sleep.ts";
