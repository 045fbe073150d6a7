/** False for a pipe that is refused, and leaves the stream as it was. */
export function acceptsPipe(stream: ReadableStream, destination: unknown): boolean {
  return !stream.locked && destination instanceof WritableStream && !destination.locked;
}

export interface Relay {
  readonly stream: ReadableStream;
  /** Gives the lock back, as a pipe does at its end. */
  readonly release: () => void;
}

/**
 * The same chunks through the tapped reader of `stream`: pipes read through a reader of their own, which shows nothing.
 * Holds nothing back, since its queue is empty until it is pulled.
 */
export function relay(stream: ReadableStream): Relay {
  const reader = stream.getReader() as ReadableStreamDefaultReader<unknown>;
  const release = () => reader.releaseLock();
  const relayed = new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await reader.read().catch((error: unknown) => {
          release();
          throw error;
        });
        if (!done) return controller.enqueue(value);
        release();
        controller.close();
      },
      cancel: (reason) => reader.cancel(reason).finally(release),
    },
    { highWaterMark: 0 },
  );
  return { stream: relayed, release };
}
