export { LabelLimiter } from "./label-limiter.ts";
