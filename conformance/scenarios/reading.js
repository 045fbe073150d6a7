/** All that an async iterable gives. */
export async function all(stream) {
  const seen = [];
  for await (const each of stream) seen.push(each);
  return seen;
}

/** What came before the error, and the error. */
export async function untilError(start) {
  const seen = [];
  try {
    for await (const each of await start()) seen.push(each);
    return { seen };
  } catch (error) {
    return { seen, error };
  }
}

/** The error, and how often the provider was asked. */
export async function rejection(call, provider) {
  try {
    return { value: await call };
  } catch (error) {
    return { error, requests: provider.exchanges.length };
  }
}

/** Time for the answer to arrive, and for what nobody handles to be noticed. */
export function passing(ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
