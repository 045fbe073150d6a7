// The thread that records. Started by `thread-link.ts`, and never imported.
import { parentPort, workerData } from "node:worker_threads";
import type { FromRecording, RecordingStart, ToRecording } from "../protocol.ts";
import { startRecording } from "./start-recording.ts";

// the streams of a thread keep the process alive; what concerns the application is told by messages
for (const stream of [process.stdout, process.stderr]) stream.write = () => true;

const send = (message: FromRecording): void => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(message);
};
// whoever starts this file gives it that
const recording = startRecording(workerData as RecordingStart, send);
parentPort?.on("message", (message: ToRecording) => recording.receive(message));
send({ kind: "ready" });
