export { createActivityAround } from "./activity-around.ts";
export type { SpanDiagnostics } from "./guard.ts";
export { requestAttributes } from "./request-attributes.ts";
export { responseAttributes } from "./response-attributes.ts";
export { createSpanAround } from "./span-around.ts";
export {
  type ListedSpan,
  type ListedStarter,
  type SpanStart,
  type SpanStarter,
  startListed,
} from "./span-starter.ts";
