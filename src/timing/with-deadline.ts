/**
 * What `work` gives, or what `late` gives, or throws, where it takes longer; what comes after that is nobody's any more.
 * The timer does not keep the process alive: whoever must wait holds it.
 */
export async function withDeadline<T>(
  limitMs: number,
  work: Promise<T>,
  late: () => T,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs).unref();
  });
  try {
    return await Promise.race([work, deadline.then(late)]);
  } finally {
    clearTimeout(timer);
  }
}
