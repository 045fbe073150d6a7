/**
 * Waits for `work` no longer than `limitMs`, then calls `onLate` and throws. The timer does not keep the process alive:
 * whoever must wait holds it.
 */
export async function deadline<T>(
  work: Promise<T>,
  limitMs: number,
  onLate: () => void,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      onLate();
      reject(new Error(`no answer within ${limitMs} ms`));
    }, limitMs).unref();
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    // after the deadline it may still fail, and nobody asks any more
    work.catch(() => undefined);
  }
}
