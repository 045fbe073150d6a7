/** The longest that a timer takes. */
const VERY_LONG_MS = 2_147_483_647;

/** Keeps the process alive until `work` is done, where what it waits for does not: connections and threads of ours. */
export async function holdProcess<T>(work: Promise<T>): Promise<T> {
  const hold = setTimeout(() => undefined, VERY_LONG_MS);
  try {
    return await work;
  } finally {
    clearTimeout(hold);
  }
}
