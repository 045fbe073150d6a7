export { createPricer, type PricedCall, type Pricer, type PricerOptions } from "./create-pricer.ts";
export { isPrivateHost } from "./private-host.ts";
export { PreciseSum } from "./precise-sum.ts";
export { roundedUsd, UsdSum } from "./usd-sum.ts";
