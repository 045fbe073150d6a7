export { createDistribution, type DistributionOptions } from "./create-distribution.ts";
