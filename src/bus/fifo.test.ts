import fc from "fast-check";
import { expect, it } from "vitest";
import { Fifo } from "./fifo.ts";

it("gives back what it was given, in order, whatever comes between", () => {
  const step = fc.constantFrom("push", "push", "shift", "clear");
  fc.assert(
    fc.property(fc.array(step, { maxLength: 600 }), (steps) => {
      const fifo = new Fifo<number>();
      let model: number[] = [];
      const log: unknown[] = [];
      const expected: unknown[] = [];
      for (const [index, name] of steps.entries()) {
        if (name === "push") {
          fifo.push(index);
          model.push(index);
        } else if (name === "shift") {
          log.push(fifo.shift());
          expected.push(model.shift());
        } else if (index % 50 === 0) {
          fifo.clear();
          model = [];
        }
        log.push(fifo.size);
        expected.push(model.length);
      }
      expect(log).toEqual(expected);
    }),
  );
});

it("keeps its order over thousands", () => {
  const fifo = new Fifo<number>();
  const out: (number | undefined)[] = [];
  for (let index = 0; index < 5_000; index += 1) {
    fifo.push(index);
    if (index % 3 !== 0) out.push(fifo.shift());
  }
  while (fifo.size > 0) out.push(fifo.shift());
  expect(out).toEqual([...out.keys()]);
  expect(fifo.shift()).toBeUndefined();
});
