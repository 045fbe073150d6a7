import { expect, test } from "vitest";
import { abortOnInterrupt } from "./abort-on-interrupt.ts";

function setUp() {
  const handlers = new Map<string, () => void>();
  const exits: number[] = [];
  let time = 0;
  let told = 0;
  const signal = abortOnInterrupt({
    process: {
      on: (name, handler) => handlers.set(name, handler),
      exit: (code) => void exits.push(code),
    },
    now: () => time,
    onFirst: () => (told += 1),
  });
  return {
    signal,
    exits,
    told: () => told,
    press: (name: "SIGINT" | "SIGTERM", atMs: number) => {
      time = atMs;
      handlers.get(name)?.();
    },
  };
}

test("the first signal aborts, the second ends the process", () => {
  const { signal, exits, press, told } = setUp();
  expect(signal.aborted).toBe(false);
  press("SIGINT", 1000);
  expect([signal.aborted, exits, told()]).toEqual([true, [], 1]);
  press("SIGINT", 2000);
  expect([exits, told()]).toEqual([[130], 1]);
});

test("one Ctrl-C that arrives twice, as under npm run, is one", () => {
  const { exits, press } = setUp();
  press("SIGINT", 1000);
  press("SIGINT", 1004);
  expect(exits).toEqual([]);
  press("SIGTERM", 1400);
  expect(exits).toEqual([143]);
});
