export type { DistributionOptions } from "./create-distribution.ts";
export { createDistributionLater } from "./distribution-later.ts";
