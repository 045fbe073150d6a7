import { once } from "node:events";
import { PassThrough, Readable } from "node:stream";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type ObservedActivities,
  observedActivities,
} from "../../test/support/observed-activities.ts";
import { poll } from "../../test/support/poll.ts";
import { describeAgent } from "./describe-activity.ts";

let observed: ObservedActivities;
beforeEach(() => void (observed = observedActivities()));

const agent = <T>(fn: () => T): T =>
  observed.tracker.run((around) => describeAgent("a", around), fn);

/** How the only activity has ended: its outcome, or `open`. */
function outcome(): string {
  const ended = observed.events.filter(
    (event) => event.type === "agent_processing_completed" || event.type === "agent_error",
  );
  if (ended.length > 1) throw new Error(`${ended.length} ends`);
  const [end] = ended;
  if (end === undefined) return "open";
  return end.type === "agent_error"
    ? `${end.data.outcome} ${end.data.errorType}`
    : end.data.outcome;
}

/** As the promises of an SDK: nothing happens before it is asked. */
class LazyForever extends Promise<void> {
  constructor() {
    super(() => {});
  }
}

async function* numbers(): AsyncGenerator<number> {
  yield 1;
  yield 2;
}

async function readAll<T>(source: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of source) values.push(value);
  return values;
}

const failure = Object.assign(new Error("secret"), { code: "E_BROKEN" });

describe("a promise", () => {
  it("ends the activity when it settles, with its value or error", async () => {
    const value = {};
    const promise = agent(async () => value);
    expect(outcome()).toBe("open");
    expect(await promise).toBe(value);
    expect(outcome()).toBe("success");
  });

  it("that rejects is an error, by identity", async () => {
    await expect(agent(() => Promise.reject(failure))).rejects.toBe(failure);
    expect(outcome()).toBe("error E_BROKEN");
  });

  it("of a class of its own, or with properties, stays the same object", async () => {
    class Special extends Promise<number> {}
    const special = Special.resolve(7);
    expect(agent(() => special)).toBe(special);
    expect(await special).toBe(7);
    expect(outcome()).toBe("success");
  });

  it("that is lazy is not started by being observed", async () => {
    let asked = 0;
    const lazy = {
      // oxlint-disable-next-line unicorn/no-thenable -- as the SDKs' own
      then(onValue: (value: number) => void) {
        asked += 1;
        onValue(7);
      },
    };
    expect(agent(() => lazy)).toBe(lazy);
    await new Promise(setImmediate);
    expect([asked, outcome()]).toEqual([0, "open"]);
    expect(await lazy).toBe(7);
    expect([asked, outcome()]).toEqual([1, "success"]);
  });

  it("that is lazy and fails is an error, by identity", async () => {
    const lazy = {
      // oxlint-disable-next-line unicorn/no-thenable -- as the SDKs' own
      then: (_onValue: unknown, onError: (error: unknown) => void) => onError(failure),
    };
    await expect(agent(() => lazy)).rejects.toBe(failure);
    expect(outcome()).toBe("error E_BROKEN");
  });
});

describe("rejections", () => {
  let listeners: NodeJS.UnhandledRejectionListener[];
  const unhandled: unknown[] = [];
  const note = (error: unknown) => void unhandled.push(error);

  beforeEach(() => {
    unhandled.length = 0;
    listeners = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", note);
  });
  afterEach(() => {
    process.off("unhandledRejection", note);
    for (const listener of listeners) process.on("unhandledRejection", listener);
  });

  it("that nobody handles are reported once, and those that somebody does are not", async () => {
    void agent(() => Promise.reject(failure));
    await new Promise(setImmediate);
    expect(unhandled).toEqual([failure]);
    await agent(() => Promise.reject(failure)).catch(() => {});
    await new Promise(setImmediate);
    expect(unhandled).toEqual([failure]);
  });
});

describe.each<[string, () => AsyncIterable<number>]>([
  ["async generator", numbers],
  ["iterable", () => ({ [Symbol.asyncIterator]: numbers })],
  ["web stream", () => ReadableStream.from([1, 2])],
  ["Node stream", () => Readable.from([1, 2])],
])("a stream: %s", (_name, create) => {
  it("is the same object, and ends the activity when it was read to its end", async () => {
    const stream = create();
    const keys = Object.keys(stream);
    const returned = await agent(async () => stream);
    expect(returned).toBe(stream);
    expect(Object.keys(returned)).toEqual(keys);
    expect(outcome()).toBe("open");
    expect(await readAll(returned)).toEqual([1, 2]);
    expect(outcome()).toBe("success");
  });

  it("that is left early is abandoned", async () => {
    for await (const value of agent(create)) {
      expect([value, outcome()]).toEqual([1, "open"]);
      break;
    }
    await poll("the end", () => outcome() !== "open");
    expect(outcome()).toBe("abandoned left_early");
  });
});

describe.each<[string, () => AsyncIterable<number>]>([
  [
    "async generator",
    async function* () {
      yield 1;
      throw failure;
    },
  ],
  [
    "web stream",
    () => {
      let pulls = 0;
      return new ReadableStream<number>({
        pull(controller) {
          pulls += 1;
          if (pulls === 1) controller.enqueue(1);
          else controller.error(failure);
        },
      });
    },
  ],
  [
    "Node stream",
    () =>
      Readable.from(
        (async function* () {
          yield 1;
          throw failure;
        })(),
      ),
  ],
])("a stream that fails: %s", (_name, create) => {
  it("is an error, by identity", async () => {
    await expect(readAll(agent(create))).rejects.toBe(failure);
    expect(outcome()).toBe("error E_BROKEN");
  });
});

describe("an async generator", () => {
  it("runs inside the activity while it is read, and its reader does not", async () => {
    const { store } = observed;
    const seen: unknown[] = [];
    const stream = store.withContext({ sessionId: "s" }, () =>
      agent(async function* () {
        seen.push([store.activity?.agent, store.context.sessionId]);
        yield 1;
        await new Promise(setImmediate);
        seen.push([store.activity?.agent, store.context.sessionId]);
        yield 2;
      }),
    );
    for await (const _value of stream) {
      expect([store.activity, store.context]).toEqual([undefined, {}]);
    }
    expect(seen).toEqual([
      ["a", "s"],
      ["a", "s"],
    ]);
  });

  it("may be read by hand, and stopped by hand", async () => {
    const stream = agent(numbers);
    expect(await stream.next()).toEqual({ done: false, value: 1 });
    expect(await stream.return(9)).toEqual({ done: true, value: 9 });
    expect(outcome()).toBe("abandoned left_early");
  });

  it("that is thrown into fails with what was thrown", async () => {
    const stream = agent(numbers);
    await stream.next();
    await expect(stream.throw(failure)).rejects.toBe(failure);
    expect(outcome()).toBe("error E_BROKEN");
  });
});

describe("a web stream", () => {
  const stream = () => agent(() => ReadableStream.from<number>([1, 2]));

  it.each<[string, (of: ReadableStream<number>) => Promise<unknown>]>([
    [
      "a reader",
      async (of) => {
        const reader = of.getReader();
        while (!(await reader.read()).done);
      },
    ],
    ["a loop", (of) => readAll(of)],
    ["both branches", async (of) => Promise.all(of.tee().map((branch) => readAll(branch)))],
    ["pipeTo", (of) => of.pipeTo(new WritableStream())],
    ["pipeThrough", (of) => readAll(of.pipeThrough(new TransformStream()))],
    ["a response", async (of) => new Response(of.pipeThrough(bytes())).text()],
    ["a Node stream", (of) => readAll(Readable.fromWeb(of as never, { objectMode: true }))],
  ])("that is read by %s ends as success", async (_way, read) => {
    const of = stream();
    await read(of);
    expect(outcome()).toBe("success");
  });

  it.each<[string, (of: ReadableStream<number>) => Promise<unknown>]>([
    ["cancelled", (of) => of.cancel()],
    ["cancelled by its reader", (of) => of.getReader().cancel()],
    ["cancelled in both branches", (of) => Promise.all(of.tee().map((branch) => branch.cancel()))],
    [
      "piped into what fails",
      (of) =>
        of
          .pipeTo(
            new WritableStream({
              write() {
                throw failure;
              },
            }),
          )
          .catch(() => {}),
    ],
  ])("that is %s is abandoned", async (_way, leave) => {
    const of = stream();
    await leave(of);
    expect(outcome()).toBe("abandoned left_early");
    expect(of.locked).toBe(_way.startsWith("cancelled by") || _way.includes("both"));
  });

  it("goes on in the branch that is left", async () => {
    const [one, other] = stream().tee();
    void one.cancel();
    expect(outcome()).toBe("open");
    expect(await readAll(other)).toEqual([1, 2]);
    expect(outcome()).toBe("success");
  });
});

function bytes() {
  return new TransformStream<number, Uint8Array>({
    transform: (value, controller) => controller.enqueue(Uint8Array.of(value)),
  });
}

describe("a Node stream", () => {
  it("that is piped ends as success, destroyed as abandoned", async () => {
    const target = agent(() => Readable.from(["x"])).pipe(new PassThrough());
    target.resume();
    await once(target, "end");
    expect(outcome()).toBe("success");
    observed = observedActivities();
    const stream = agent(() => Readable.from(["x"]));
    stream.destroy();
    await once(stream, "close");
    expect(outcome()).toBe("abandoned left_early");
  });
});

it("that is frozen can't be seen to end: the activity has ended with the function", () => {
  const iterable = Object.freeze({ [Symbol.asyncIterator]: numbers });
  expect(agent(() => iterable)).toBe(iterable);
  expect(outcome()).toBe("success");
});

describe("what nobody holds any more", () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;

  it.each<[string, () => unknown]>([
    ["a generator that was never read", numbers],
    ["a web stream that was never read", () => ReadableStream.from([1])],
    ["a promise that never settles", () => new Promise(() => {})],
    ["a lazy promise that nobody asked", () => new LazyForever()],
  ])("is ended as abandoned: %s", async (_name, create) => {
    agent(create);
    await poll("an end by garbage collection", () => {
      collectGarbage();
      return outcome() !== "open";
    });
    expect(outcome()).toBe("abandoned dropped");
  });

  it("is not what somebody can still go on with", async () => {
    let goOn = () => {};
    const gate = new Promise<void>((resolve) => (goOn = resolve));
    const promise = agent(async () => {
      await gate;
      return observed.store.activity?.agent;
    });
    for (let round = 0; round < 5; round += 1) {
      collectGarbage();
      await new Promise(setImmediate);
    }
    expect(outcome()).toBe("open");
    goOn();
    expect(await promise).toBe("a");
    expect(outcome()).toBe("success");
  });
});
