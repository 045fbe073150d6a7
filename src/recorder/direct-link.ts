import type { OpenLink } from "./link.ts";

/** Records in the application's thread, where another can't be had. */
export const recordHere: OpenLink = async (start, listener) => {
  const { startRecording } = await import("./recording/start-recording.ts");
  const recording = startRecording(start, (message) => {
    if (message.kind !== "ready") listener.onMessage(message);
  });
  return {
    isThread: false,
    send: (message) => recording.receive(message),
    end: async () => recording.stop(),
  };
};
