/** The longest that a timer takes. */
const VERY_LONG_MS = 2_147_483_647;

/** Keeps the process alive until `work` is done: connections of the store don't, and who waits for an answer must get it. */
export async function holdProcess<T>(work: Promise<T>): Promise<T> {
  const hold = setTimeout(() => undefined, VERY_LONG_MS);
  try {
    return await work;
  } finally {
    clearTimeout(hold);
  }
}
