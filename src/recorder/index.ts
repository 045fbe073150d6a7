export { createRecorder, type RecordedSinks } from "./create-recorder.ts";
export type { RecordingOptions } from "./protocol.ts";
