import { expect, test } from "vitest";
import { Channel } from "./channel.ts";
import { createEventReader } from "./event-reader.ts";
import { createPageFetcher } from "./fetch-page.ts";

const channel = new Channel(() => Promise.reject(new Error("must not be asked")));
const store = createEventReader(createPageFetcher({ channel, secret: undefined }));

/** As a program without types can ask. */
const INVALID: readonly (readonly [unknown, string])[] = [
  [null, "it must be an object"],
  ["s", "it must be an object"],
  [{ limit: -1 }, "`limit` must be a whole number"],
  [{ limit: 1.5 }, "`limit` must be a whole number"],
  [{ after: "1" }, "`after` must be the nextCursor of a page or the position of an event"],
  [{ after: Number.NaN }, "`after` must be the nextCursor of a page or the position of an event"],
  [{ sessionId: 7 }, "`sessionId` must be a text"],
  [{ types: "agent_error" }, "`types` must be a list of event types"],
  [
    { types: ["agent_eror"] },
    "`types` has `agent_eror`, which is no event type; did you mean `agent_error`?",
  ],
  [{ type: ["agent_error"] }, "`type` is no option; did you mean `types`?"],
  [{ since: Number.NaN }, "`since` must be a time in milliseconds since 1970"],
  [{ until: "x" }, "`until` must be a time in milliseconds since 1970"],
];

test.each(INVALID)("%j is refused by page(), read() and replay()", async (query, problem) => {
  const refusal = {
    code: "QUERY_INVALID",
    message: expect.stringContaining(`Query of the event store: ${problem}`),
  };
  const given = query as object;
  await expect(store.page(given)).rejects.toMatchObject(refusal);
  await expect(store.replay(given, () => {})).rejects.toMatchObject(refusal);
  const loop = store.read(given)[Symbol.asyncIterator]();
  await expect(loop.next()).rejects.toMatchObject(refusal);
});

test.each([0, 1_001])("a page of %i events is refused", async (limit) => {
  await expect(store.page({ limit })).rejects.toMatchObject({
    code: "QUERY_INVALID",
    message: "Query of the event store: `limit` must be a whole number from 1 to 1000.",
  });
});

test("a query that may be asked gets to the store", async () => {
  await expect(store.page({ limit: 1, since: 0, types: ["agent_error"] })).rejects.toMatchObject({
    code: "STORE_UNAVAILABLE",
  });
});

test.each([undefined, null, {}])(
  "a replay into %j is refused before anything is read",
  async (handler) => {
    await expect(store.replay({}, handler as never)).rejects.toMatchObject({
      code: "QUERY_INVALID",
      message: "Query of the event store: replay() needs a function as its second argument.",
    });
  },
);
