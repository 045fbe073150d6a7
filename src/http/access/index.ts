export { type Access, createAccessPolicy, refusal } from "./access-policy.ts";
export { createRateLimiter } from "./rate-limiter.ts";
export { presentedTokens } from "./tokens.ts";
