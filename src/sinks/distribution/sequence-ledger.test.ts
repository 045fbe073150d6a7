import fc from "fast-check";
import { expect, it } from "vitest";
import { SequenceLedger } from "./sequence-ledger.ts";

it("misses nothing that came before an instance was first heard of", () => {
  expect(new SequenceLedger().enter("a", 51)).toEqual({ isDuplicate: false, missed: 0 });
});

it("tells what comes again, for each instance by itself", () => {
  const ledger = new SequenceLedger();
  ledger.enter("a", 7);
  expect(ledger.enter("a", 7)).toEqual({ isDuplicate: true, missed: 0 });
  expect(ledger.enter("a", 3)).toEqual({ isDuplicate: true, missed: 0 });
  expect(ledger.enter("b", 3)).toEqual({ isDuplicate: false, missed: 0 });
  expect(ledger.enter("a", 8)).toEqual({ isDuplicate: false, missed: 0 });
});

it("counts what never came, once", () => {
  const ledger = new SequenceLedger();
  ledger.enter("a", 1);
  expect(ledger.enter("a", 5)).toEqual({ isDuplicate: false, missed: 3 });
  expect(ledger.enter("a", 6)).toEqual({ isDuplicate: false, missed: 0 });
});

it("accounts for every number, whatever was left out and sent again", () => {
  const runs = fc.array(
    fc.record({ skipped: fc.nat({ max: 5 }), sent: fc.nat({ max: 5 }), again: fc.boolean() }),
  );
  fc.assert(
    fc.property(runs, (batches) => {
      const ledger = new SequenceLedger();
      ledger.enter("a", 1);
      let sequence = 1;
      let taken = 1;
      let missed = 0;
      for (const { skipped, sent, again } of batches) {
        sequence += skipped;
        const batch = Array.from({ length: sent }, () => (sequence += 1));
        for (const number of again ? [...batch, ...batch] : batch) {
          const standing = ledger.enter("a", number);
          taken += standing.isDuplicate ? 0 : 1;
          missed += standing.missed;
        }
        // nobody can miss what nothing came after
        if (sent === 0) sequence -= skipped;
      }
      expect(taken + missed).toBe(sequence);
    }),
  );
});

it("forgets the instance that is silent longest, past a thousand", () => {
  const ledger = new SequenceLedger();
  for (let index = 0; index < 1_000; index += 1) ledger.enter(`i${index}`, 9);
  ledger.enter("i0", 10);
  ledger.enter("one more", 1);
  expect(ledger.enter("i0", 10).isDuplicate).toBe(true);
  expect(ledger.enter("i1", 9).isDuplicate).toBe(false);
});
