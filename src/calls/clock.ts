/** Unix epoch in milliseconds with a fraction; never goes backwards while the process lives. */
export type Now = () => number;

export const monotonicNow: Now = () => performance.timeOrigin + performance.now();
