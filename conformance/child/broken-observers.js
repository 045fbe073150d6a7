/**
 * Observers with the faults that are usual in the field, for `--self-test`: the runner must see each of them.
 * Each gets the real observer and gives back what replaces parts of it.
 */
export const brokenObservers = {
  /** Reads a copy of every answer ahead of the application. */
  "reads-ahead": (real) => ({
    observe: (client) =>
      real.observe(
        replaceFetch(client, async (fetch, args) => {
          const response = await fetch(...args);
          const [mine, theirs] = teeOf(response);
          void mine;
          return theirs;
        }),
      ),
  }),
  /** Parses the answer as soon as the call is made, and hands on a promise of its own. */
  "awaits-eagerly": (real) => ({
    observe: (client) =>
      replaceMethods(real.observe(client), async (create, args) => await create(...args)),
  }),
  /** Hangs on to the promise without handling its failure. */
  "leaves-rejections": (real) => ({
    observe: (client) =>
      replaceMethods(real.observe(client), (create, args) => {
        const promise = create(...args);
        void promise.then(() => {});
        return promise;
      }),
  }),
  /** Adds to the request what the application has not asked for. */
  "asks-for-usage": (real) => ({
    observe: (client) =>
      real.observe(
        replaceFetch(client, (fetch, [url, init]) => {
          const body =
            typeof init?.body === "string"
              ? init.body.replace(
                  '"stream":true',
                  '"stream":true,"stream_options":{"include_usage":true}',
                )
              : init?.body;
          return fetch(url, { ...init, body });
        }),
      ),
  }),
  /** Observes nothing at all. */
  blind: () => ({ observe: (client) => client, fetch: globalThis.fetch }),
  /** Is there twice, and neither knows of the other. */
  "counts-twice": (real) => ({
    finish: async (expected) => {
      const reported = await real.finish(expected);
      return { ...reported, events: reported.events.flatMap((event) => [event, event]) };
    },
  }),
  /** Loses what did not end well. */
  "loses-failures": (real) => ({
    finish: async (expected) => {
      const reported = await real.finish(expected);
      return {
        ...reported,
        events: reported.events.filter(({ type }) => type !== "llm_request_failed"),
      };
    },
  }),
};

function replaceFetch(client, replacement) {
  const { fetch } = client;
  if (fetch !== undefined) client.fetch = (...args) => replacement(fetch.bind(client), args);
  return client;
}

function replaceMethods(client, replacement) {
  for (const resource of [
    client.chat?.completions,
    client.messages,
    client.responses,
    client.embeddings,
  ]) {
    if (resource === undefined) continue;
    const create = resource.create.bind(resource);
    resource.create = (...args) => replacement(create, args);
  }
  return client;
}

function teeOf(response) {
  if (!(response instanceof Response) || response.body === null) return [undefined, response];
  const copy = response.clone();
  void copy.text().catch(() => {});
  return [copy, response];
}
