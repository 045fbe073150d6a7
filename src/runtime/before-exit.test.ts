import { EventEmitter } from "node:events";
import { beforeEach, describe, expect, it } from "vitest";
import { type EndingProcess, sendBeforeExit } from "./before-exit.ts";

let target: EventEmitter;
let log: string[];
let activity: number;
let stop: () => void;

beforeEach(() => {
  target = new EventEmitter();
  log = [];
  activity = 1;
  stop = observe("");
});

function observe(name: string): () => void {
  const says = (what: string) => async () => void log.push(`${what}${name}`);
  return sendBeforeExit({
    end: says("end"),
    flush: says("flush"),
    activity: () => activity,
    // an emitter has what is asked of it
    process: target as unknown as EndingProcess,
  });
}

/** The event loop has nothing left, which Node.js says each time, until nothing comes of it. */
async function loopEnds(): Promise<void> {
  target.emit("beforeExit", 0);
  await new Promise(setImmediate);
  await new Promise(setImmediate);
}

describe("an application's own handler of beforeExit", () => {
  it("is called once, when all is sent", async () => {
    target.on("beforeExit", (code) => log.push(`application ${code}`));
    await loopEnds();
    expect(log).toEqual(["end"]);
    await loopEnds();
    expect(log).toEqual(["end", "application 0"]);
  });

  it("that does more has that sent too", async () => {
    target.once("beforeExit", () => (activity += 1));
    for (let turn = 0; turn < 4; turn++) await loopEnds();
    expect(log).toEqual(["end", "flush"]);
  });

  it("that starts what takes its time has that sent before it is called again", async () => {
    const calls: string[] = [];
    target.on("beforeExit", () => calls.push(log.join()));
    await loopEnds();
    await loopEnds();
    activity += 1;
    await loopEnds();
    await loopEnds();
    expect(calls).toEqual(["end", "end,end"]);
  });

  it("that does something each time comes to an end all the same", async () => {
    target.on("beforeExit", () => (activity += 1));
    for (let before = -1; before < log.length && before < 10; await loopEnds()) before = log.length;
    expect(log).toEqual(["end", "flush", "flush"]);
  });

  it("that starts what takes its time has it sent five times, and goes on without", async () => {
    target.on("beforeExit", () => log.push("application"));
    for (let turn = 0; turn < 7; turn++) {
      activity += 1;
      await loopEnds();
      await loopEnds();
    }
    const sent = Array.from({ length: 5 }, () => ["end", "application"]).flat();
    expect(log.slice(0, sent.length)).toEqual(sent);
    expect(log.slice(sent.length)).not.toContain("end");
  });

  it("is not kept from it by two that observe", async () => {
    observe(" 2");
    target.on("beforeExit", () => log.push("application"));
    for (let turn = 0; turn < 2; turn++) await loopEnds();
    expect(log).toEqual(["end", "end 2", "application"]);
  });
});

it("other events go their way, and an error that nobody handles is thrown as ever", () => {
  target.on("message", (text) => log.push(text as string));
  expect([target.emit("message", "hello"), target.emit("other")]).toEqual([true, false]);
  expect(log).toEqual(["hello"]);
  expect(() => target.emit("error", new Error("mine"))).toThrow("mine");
});

describe("taken back", () => {
  it("it leaves nothing behind", async () => {
    expect(Object.keys(target)).not.toContain("emit");
    stop();
    expect(Object.hasOwn(target, "emit")).toBe(false);
    target.on("beforeExit", () => log.push("application"));
    await loopEnds();
    expect(log).toEqual(["application"]);
  });

  it("in whatever order, it leaves nothing behind", async () => {
    const stopLater = observe(" later");
    stop();
    await loopEnds();
    expect(log).toEqual(["end later"]);
    stopLater();
    expect(Object.hasOwn(target, "emit")).toBe(false);
  });

  it("under what somebody else has put on top, it does nothing any more", async () => {
    const { emit } = target;
    const others = (...args: Parameters<typeof emit>) => Reflect.apply(emit, target, args);
    target.emit = others;
    stop();
    expect(target.emit).toBe(others);
    target.on("beforeExit", () => log.push("application"));
    await loopEnds();
    expect(log).toEqual(["application"]);
  });
});
