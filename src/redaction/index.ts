export { OVERLAP } from "./excerpt.ts";
export { LabelLimiter } from "./label-limiter.ts";

export { redactValue } from "./redact-value.ts";
export { createRedactor, type Redactor, type RedactorOptions } from "./redactor.ts";
export { base64Mark } from "./rules/encoded-data.ts";
