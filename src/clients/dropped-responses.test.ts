import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { observedClients, type ObservedClients } from "../../test/support/observed-clients.ts";
import {
  CHAT_REQUEST,
  CHAT_URL,
  JSON_TEXT,
  responseOf,
  sourceOf,
  SSE_TEXT,
  USAGE,
} from "../../test/support/observed-response.ts";
import { poll } from "../../test/support/poll.ts";

const SSE = "text/event-stream";

let collectGarbage: () => void;

beforeAll(() => {
  setFlagsFromString("--expose-gc");
  collectGarbage = runInNewContext("gc") as () => void;
});

async function fetchFrom(observed: ObservedClients, make: () => Response): Promise<Response> {
  return observed.fetches.observe(async () => make())(CHAT_URL, CHAT_REQUEST);
}

/** Collects until the operation has ended. */
async function endByCollection(observed: ObservedClients) {
  await poll("an end by garbage collection", () => {
    collectGarbage();
    return observed.ended().length > 0;
  });
  expect(observed.ended()).toHaveLength(1);
  return observed.ended()[0]?.data;
}

/** Collects a few times, when the collector watches; what would be ended by it has been by then. */
async function collectThoroughly(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 300));
  for (let round = 0; round < 5; round += 1) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

describe("a response that everybody has dropped", () => {
  it.each<[string, (response: Response) => unknown]>([
    ["unread", () => {}],
    ["after a look at its body", (response) => response.body],
    ["with a reader that was never used", (response) => response.body?.getReader()],
    ["cloned", (response) => response.clone()],
    ["with branches", (response) => response.body?.tee()],
  ])("%s is abandoned as never read", async (_how, use) => {
    const observed = observedClients();
    await (async () => {
      use(await fetchFrom(observed, () => responseOf(sourceOf(SSE_TEXT).body, SSE)));
    })();
    expect(await endByCollection(observed)).toMatchObject({
      outcome: "abandoned",
      errorType: "never_read",
    });
  });

  it("half read is abandoned as left early", async () => {
    const observed = observedClients();
    await (async () => {
      const response = await fetchFrom(observed, () => responseOf(sourceOf(SSE_TEXT).body, SSE));
      await response.body?.getReader().read();
    })();
    expect(await endByCollection(observed)).toMatchObject({
      outcome: "abandoned",
      errorType: "left_early",
    });
  });

  it("with an error status is that error", async () => {
    const observed = observedClients();
    await (async () => {
      await fetchFrom(observed, () => responseOf("{}", "application/json", 503));
    })();
    expect(await endByCollection(observed)).toMatchObject({ outcome: "error", errorType: "503" });
  });
});

describe("an answer that somebody still holds", () => {
  it.each<[string, (response: Response) => () => Promise<unknown>]>([
    ["by its response", (response) => () => response.text()],
    ["by a clone", (response) => response.clone().text.bind(response)],
    [
      "by its body",
      ({ body }) =>
        async () => {
          for await (const _chunk of body ?? []);
        },
    ],
    [
      "by a reader",
      ({ body }) => {
        const reader = body?.getReader();
        return async () => {
          while ((await reader?.read())?.done === false);
        };
      },
    ],
    [
      "by an iterator",
      ({ body }) => {
        const iterator = body?.values();
        return async () => {
          while ((await iterator?.next())?.done === false);
        };
      },
    ],
    [
      "by a branch",
      ({ body }) => {
        const branch = body?.tee()[0];
        return async () => {
          for await (const _chunk of branch ?? []);
        };
      },
    ],
    [
      "by a pipe",
      ({ body }) => {
        const piped = body?.pipeThrough(new TransformStream());
        return async () => {
          for await (const _chunk of piped ?? []);
        };
      },
    ],
  ])("%s goes on, however often garbage is collected", async (_how, hold) => {
    const observed = observedClients();
    const readRest = hold(
      await fetchFrom(observed, () => responseOf(sourceOf(SSE_TEXT).body, SSE)),
    );
    await collectThoroughly();
    expect(observed.ended()).toEqual([]);
    await readRest();
    expect(observed.ended()[0]?.data).toMatchObject({ outcome: "success", usage: USAGE });
  });

  it("only by the reading itself goes on", async () => {
    const observed = observedClients();
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await gate;
        controller.enqueue(Buffer.from(JSON_TEXT));
        controller.close();
      },
    });
    const reading = (await fetchFrom(observed, () => responseOf(body))).json();
    await collectThoroughly();
    expect(observed.ended()).toEqual([]);
    release();
    await reading;
    expect(observed.ended()[0]?.data).toMatchObject({ outcome: "success", usage: USAGE });
  });
});

describe("responses that are read at once", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("share one timer", async () => {
    vi.useFakeTimers();
    const observed = observedClients();
    const idle = vi.getTimerCount();
    for (let call = 0; call < 3; call += 1) {
      const response = await fetchFrom(observed, () => new Response(JSON_TEXT));
      await response.text();
    }
    expect(observed.ended()).toHaveLength(3);
    // theirs, and the one that looks for idle ones
    expect(vi.getTimerCount() - idle).toBeLessThanOrEqual(2);
  });
});
