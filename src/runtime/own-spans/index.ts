export { createOwnTracer } from "./own-tracer.ts";
