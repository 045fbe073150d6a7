/** Unix epoch in milliseconds with a fraction; never goes backwards while the process lives. */
export type Now = () => number;

/** Constant, but a getter that takes longer than the clock itself. */
const { timeOrigin } = performance;

export const monotonicNow: Now = () => timeOrigin + performance.now();
