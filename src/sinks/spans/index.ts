export { requestAttributes } from "./request-attributes.ts";
export { responseAttributes } from "./response-attributes.ts";
export type { SpanDiagnostics } from "./guard.ts";
export { createSpanAround, type SpanStarter } from "./span-around.ts";
