export { backOffMs } from "./back-off.ts";
export { holdProcess } from "./hold-process.ts";
export { isoTime } from "./iso-time.ts";
export { roundedDuration } from "./rounded-duration.ts";
export { withDeadline } from "./with-deadline.ts";
export { within } from "./within.ts";
