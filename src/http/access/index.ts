export { type AccessPolicy, createAccessPolicy, refusal } from "./access-policy.ts";
export { createRateLimiter, type RateLimiter } from "./rate-limiter.ts";
export { presentedTokens } from "./tokens.ts";
