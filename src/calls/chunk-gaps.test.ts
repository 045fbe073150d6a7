import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CHUNK_GAP_BOUNDS } from "../semconv/index.ts";
import { ChunkGaps } from "./chunk-gaps.ts";

/** Counts by upper bound in seconds, those above 0. */
function byBound(gapCounts: readonly number[]): Record<string, number> {
  const bounds = [...CHUNK_GAP_BOUNDS, Infinity];
  return Object.fromEntries(
    gapCounts.flatMap((count, index) => (count > 0 ? [[String(bounds[index]), count]] : [])),
  );
}

describe("the gaps between chunks", () => {
  it("are counted by their length; a bound belongs to the smaller ones", () => {
    const gaps = new ChunkGaps(1, 1_000);
    gaps.came(2, 1_010);
    gaps.came(3, 1_031);
    gaps.came(4, 101_031);
    const { count, generationMs, gapCounts } = gaps.summary(false);
    expect({ count, generationMs }).toEqual({ count: 4, generationMs: 100_031 });
    expect(byBound(gapCounts)).toEqual({ "0.01": 1, "0.04": 1, Infinity: 1 });
  });

  it("are nothing between chunks that came together", () => {
    const gaps = new ChunkGaps(3, 0);
    gaps.came(5, 500);
    expect(byBound(gaps.summary(false).gapCounts)).toEqual({ "0.01": 3, "0.64": 1 });
  });

  it("are none for a single chunk, and for reads without content", () => {
    const gaps = new ChunkGaps(1, 0);
    gaps.came(1, 900);
    expect(gaps.summary(false)).toMatchObject({ count: 1, generationMs: 0 });
    expect(byBound(gaps.summary(false).gapCounts)).toEqual({});
  });

  it("tell that reasoning is among them", () => {
    expect(new ChunkGaps(1, 0).summary(true)).toMatchObject({ withReasoning: true });
    expect(new ChunkGaps(1, 0).summary(false)).not.toHaveProperty("withReasoning");
  });

  it("are always one fewer than the chunks", () => {
    const read = fc.record({ chunks: fc.nat(5), ms: fc.nat(200_000) });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.array(read), (first, reads) => {
        const gaps = new ChunkGaps(first, 0);
        let [chunks, atMs] = [first, 0];
        for (const { chunks: more, ms } of reads) {
          chunks += more;
          atMs += ms;
          gaps.came(chunks, atMs);
        }
        const { count, gapCounts, generationMs } = gaps.summary(false);
        expect(count).toBe(chunks);
        expect(gapCounts.reduce((sum, n) => sum + n)).toBe(chunks - 1);
        expect(generationMs).toBeLessThanOrEqual(atMs);
      }),
    );
  });
});
