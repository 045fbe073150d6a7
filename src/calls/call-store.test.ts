import { describe, expect, it } from "vitest";
import { seededRandom } from "../testing/index.ts";
import { CallStore, type ObservedHttpCall } from "./call-store.ts";

const SENT: NonNullable<ObservedHttpCall["sent"]> = ["https://api.openai.com/v1/chat/completions"];

function httpCall(): ObservedHttpCall {
  return { sent: SENT };
}

describe("context", () => {
  it("is empty outside", () => {
    const store = new CallStore();
    expect(store.context).toEqual({});
    expect(store.request).toBeUndefined();
    expect(store.sending).toBeUndefined();
  });

  it("merges: inner values win, tags are added up without doubles, metadata is merged", () => {
    const store = new CallStore();
    const outer = { sessionId: "s1", userId: "u1", tags: ["a", "b"], metadata: { x: 1, y: 1 } };
    const inner = { userId: "u2", tags: ["b", "c"], metadata: { y: 2 } };
    store.withContext(outer, () => {
      store.withContext(inner, () => {
        expect(store.context).toEqual({
          sessionId: "s1",
          userId: "u2",
          tags: ["a", "b", "c"],
          metadata: { x: 1, y: 2 },
        });
      });
      expect(store.context).toEqual(outer);
    });
    expect(store.context).toEqual({});
  });

  it("has no empty tags or metadata, and leaves the caller's objects alone", () => {
    const store = new CallStore();
    const given = Object.freeze({ sessionId: "s", tags: Object.freeze([]), metadata: {} });
    const merged = store.withContext({ userId: "u" }, () =>
      store.withContext(given, () => store.context),
    );
    expect(merged).toMatchObject({ sessionId: "s", userId: "u" });
    expect(given).toEqual({ sessionId: "s", tags: [], metadata: {} });
  });

  it("gives back what the function returns, and throws what it throws", () => {
    const store = new CallStore();
    const error = new Error("mine");
    expect(store.withContext({}, () => 7)).toBe(7);
    expect(() =>
      store.withContext({ sessionId: "s" }, () => {
        throw error;
      }),
    ).toThrow(error);
    expect(store.context).toEqual({});
  });

  it("is never mixed up between 1,000 interleaved calls", async () => {
    const store = new CallStore();
    const random = seededRandom(7);
    const pause = () =>
      random() < 0.5
        ? Promise.resolve()
        : new Promise<void>((resolve) =>
            random() < 0.5 ? setImmediate(resolve) : setTimeout(resolve, 1),
          );
    async function call(id: string): Promise<string[]> {
      const seen: string[] = [];
      for (let turn = 0; turn < 5; turn += 1) {
        await pause();
        seen.push(`${store.context.sessionId} ${store.context.userId}`);
      }
      return seen.filter((entry) => entry !== `${id} user of ${id}`);
    }
    const ids = Array.from({ length: 1_000 }, (_, index) => `session ${index}`);
    const wrong = await Promise.all(
      ids.map((sessionId) =>
        store.withContext({ sessionId }, async () => {
          await pause();
          return store.withContext({ userId: `user of ${sessionId}` }, () => call(sessionId));
        }),
      ),
    );
    expect(wrong.flat()).toEqual([]);
    expect(store.context).toEqual({});
  });
});

describe("an SDK request", () => {
  it("is seen inside, with the context around it, also from a context within", () => {
    const store = new CallStore();
    const request = {};
    store.withContext({ sessionId: "s" }, () =>
      store.withRequest(request, () => {
        expect(store.context).toEqual({ sessionId: "s" });
        store.withContext({ userId: "u" }, () => {
          expect(store.request).toBe(request);
          expect(store.context).toEqual({ sessionId: "s", userId: "u" });
        });
      }),
    );
    store.left();
    expect(store.request).toBeUndefined();
  });

  it("is observed anew inside an observed call", () => {
    const [store, call] = [new CallStore(), httpCall()];
    store.withObserving(call, () => {
      expect(store.sending).toBe(SENT);
      store.withRequest({}, () => expect(store.sending).toBeUndefined());
      store.left();
      expect(store.sending).toBe(SENT);
    });
    store.left(call);
    expect(store.sending).toBeUndefined();
  });

  it("ends at its HTTP call: what else is called in there is no part of it", () => {
    const [store, call] = [new CallStore(), httpCall()];
    store.withRequest({}, () => {
      store.withObserving(call, () => expect(store.request).toBeUndefined());
      store.left(call);
    });
    store.left();
  });
});

describe("an observed HTTP call", () => {
  it("is over for what it left running, and keeps nothing of what it sent", () => {
    const [store, call] = [new CallStore(), httpCall()];
    const later = store.withObserving(call, () => store.capture());
    expect(later(() => [store.sending, store.accounted])).toEqual([SENT, true]);
    store.left(call);
    expect(later(() => [store.sending, store.accounted])).toEqual([undefined, false]);
    expect(call).toEqual({ sent: undefined });
  });
});

describe("another instance, of another copy of this package too", () => {
  it("knows the context, and that a call is being observed", () => {
    const [store, other] = [new CallStore(), new CallStore()];
    store.withContext({ sessionId: "s" }, () =>
      store.withObserving(httpCall(), () => {
        expect(other.context).toEqual({ sessionId: "s" });
        expect(other.sending).toBe(SENT);
      }),
    );
    other.left();
    expect(other.sending).toBeUndefined();
  });
});

it("tells what went through an observed fetch from what did not", () => {
  const store = new CallStore();
  expect(store.accounted).toBe(false);
  expect(store.withObserving(httpCall(), () => store.accounted)).toBe(true);
  store.left();
  store.withPassing(() => expect([store.accounted, store.sending]).toEqual([true, undefined]));
  store.left();
});
