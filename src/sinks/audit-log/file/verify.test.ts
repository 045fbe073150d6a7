import { appendFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  auditFolder,
  openLog,
  problemsOf,
  readLog,
  verifyLog,
} from "../../../../test/support/audit-files.ts";
import type { Event } from "../../../events/index.ts";
import { createDigest } from "./digest.ts";
import { encodeLine, parseLine } from "./line.ts";

const KEY = "a key of the tests, long enough";

let folder: string;
let whole: Map<string, string>;
let head: string;

beforeAll(async () => {
  folder = await auditFolder();
  const { write, log } = openLog(join(folder, "whole"), { maxSizeBytes: 4_096 });
  for (let round = 0; round < 3; round += 1) await write(12);
  head = log.head?.hash ?? "";
  await log.shutdown();
  whole = await readLog(join(folder, "whole"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Puts files into a folder of their own. */
async function put(files: ReadonlyMap<string, string>): Promise<string> {
  const path = join(folder, "changed");
  await rm(path, { recursive: true, force: true });
  await mkdir(path);
  await Promise.all([...files].map(([name, text]) => writeFile(join(path, name), text)));
  return path;
}

interface Line {
  readonly file: string;
  readonly index: number;
}

function linesOf(text: string | undefined): string[] {
  return (text ?? "").split("\n").slice(0, -1);
}

function withLines(file: string, change: (lines: string[]) => readonly string[]) {
  const lines = change(linesOf(whole.get(file)));
  return new Map(whole).set(file, lines.map((line) => `${line}\n`).join(""));
}

const anyLine = (): fc.Arbitrary<Line> =>
  fc
    .constantFrom(...whole.keys())
    .chain((file) =>
      fc.record({ file: fc.constant(file), index: fc.nat(linesOf(whole.get(file)).length - 1) }),
    );

function isLast({ file, index }: Line): boolean {
  return file === [...whole.keys()].at(-1) && index === linesOf(whole.get(file)).length - 1;
}

const RUNS = { numRuns: 60 };

describe("verify", () => {
  it("finds nothing in what was not touched", async () => {
    const { chains, missingHeads } = await verifyLog(join(folder, "whole"), {
      expectedHeads: [head],
    });
    expect(whole.size).toBe(3);
    expect([chains[0]?.problem, chains[0]?.tally.events, missingHeads]).toEqual([
      undefined,
      36,
      [],
    ]);
  });

  it("finds any byte that was changed, in its line", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyLine(),
        fc.nat(),
        fc.integer({ min: 32, max: 126 }),
        async (line, at, code) => {
          const text = linesOf(whole.get(line.file))[line.index] ?? "";
          const place = at % text.length;
          fc.pre(text.charCodeAt(place) !== code);
          const edited = text.slice(0, place) + String.fromCharCode(code) + text.slice(place + 1);
          const changed = withLines(line.file, (lines) => lines.with(line.index, edited));
          const [problem] = await problemsOf(await put(changed));
          expect(problem).toContain(`${line.file}:${line.index + 1}: `);
        },
      ),
      RUNS,
    );
  });

  it("finds any line that was taken out; the very last one if the head is known", async () => {
    await fc.assert(
      fc.asyncProperty(anyLine(), async (line) => {
        const path = await put(withLines(line.file, (lines) => lines.toSpliced(line.index, 1)));
        const { chains, missingHeads } = await verifyLog(path, { expectedHeads: [head] });
        expect(missingHeads).toEqual([head]);
        expect(chains.some(({ problem }) => problem !== undefined)).toBe(!isLast(line));
      }),
      RUNS,
    );
  });

  it("finds any two lines that were exchanged", async () => {
    await fc.assert(
      fc.asyncProperty(anyLine(), anyLine(), async (one, other) => {
        fc.pre(one.file !== other.file || one.index !== other.index);
        const texts = [one, other].map(({ file, index }) => linesOf(whole.get(file))[index] ?? "");
        const changed = withLines(one.file, (lines) => lines.with(one.index, texts[1] ?? ""));
        const lines = linesOf(changed.get(other.file)).with(other.index, texts[0] ?? "");
        changed.set(other.file, lines.map((line) => `${line}\n`).join(""));
        expect(await problemsOf(await put(changed))).toHaveLength(1);
      }),
      RUNS,
    );
  });

  it("finds any line that was put in: a copy, another one, or an empty one", async () => {
    const inserted = fc.oneof(
      anyLine().map(({ file, index }) => linesOf(whole.get(file))[index] ?? ""),
      fc.string(),
      fc.constant("{}"),
    );
    await fc.assert(
      fc.asyncProperty(anyLine(), inserted, async ({ file, index }, text) => {
        fc.pre(!text.includes("\n"));
        const path = await put(withLines(file, (lines) => lines.toSpliced(index, 0, text)));
        expect(await problemsOf(path)).toHaveLength(1);
      }),
      RUNS,
    );
  });

  it("finds a file that was cut anywhere; between its lines at the end if the head is known", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...whole.keys()), fc.nat(), async (file, at) => {
        const text = whole.get(file) ?? "";
        const cut = text.slice(0, at % text.length);
        const path = await put(new Map(whole).set(file, cut));
        const { chains, missingHeads } = await verifyLog(path, { expectedHeads: [head] });
        expect(chains.every(({ problem }) => !problem) && missingHeads.length === 0).toBe(false);
      }),
      RUNS,
    );
  });

  it("finds a file that is missing, or has the name of another", async () => {
    const [first = "", second = "", third = ""] = whole.keys();
    const without = (name: string) => new Map([...whole].filter(([other]) => other !== name));
    expect(await problemsOf(await put(without(first)))).toEqual([
      expect.stringMatching(
        /^audit\.000002\.jsonl:1: records 0 to \d+ are missing before it, and no record says that they were deleted$/,
      ),
    ]);
    expect(await problemsOf(await put(without(second)))).toEqual([
      expect.stringMatching(/^audit\.000003\.jsonl:1: records \d+ to \d+ are missing before it$/),
    ]);
    expect(
      (await verifyLog(await put(without(third)), { expectedHeads: [head] })).missingHeads,
    ).toEqual([head]);
    const renamed = new Map(whole)
      .set(first, whole.get(second) ?? "")
      .set(second, whole.get(first) ?? "");
    expect(await problemsOf(await put(renamed))).toEqual([
      "audit.000001.jsonl:1: was written as file 2 of its chain",
    ]);
  });

  it("waits for the end of a line that is just being written", async () => {
    const name = [...whole.keys()].at(-1) ?? "";
    const text = whole.get(name) ?? "";
    const path = await put(new Map(whole).set(name, text.slice(0, -100)));
    const verifying = verifyLog(path, { expectedHeads: [head], tailWaitMs: 5_000 });
    await appendFile(join(path, name), text.slice(-100));
    const { chains, missingHeads } = await verifying;
    expect([chains[0]?.problem, missingHeads]).toEqual([undefined, []]);
  });

  it("reads lines of any length that is written", async () => {
    const path = join(folder, "long");
    const { queue, write, log } = openLog(path);
    const [event] = await write(1);
    for (const characters of [1_100_000, 3_000_000, 17_000_000]) {
      const metadata = { text: "x".repeat(characters) };
      queue.push({ ...event, id: String(characters), data: { metadata } } as Event);
    }
    await write(1);
    await log.shutdown();
    const { chains } = await verifyLog(path);
    expect(chains).toMatchObject([{ tally: { events: 4, lostEvents: 1 } }]);
    expect(chains[0]?.problem).toBeUndefined();
    const again = openLog(path);
    await again.write(1);
    expect(again.log.head?.chain).toBe("audit");
    await again.log.shutdown();
  });

  it("checks one file alone from its first line on", async () => {
    const [, second = ""] = whole.keys();
    expect(await problemsOf(join(await put(whole), second))).toEqual([]);
  });
});

describe("somebody who makes all hashes anew", () => {
  /** Edits a record, and writes all that follows as the log itself would have. */
  function forge(text: string, key?: string): string {
    const digest = createDigest(key);
    let previous = "0".repeat(64);
    const lines = linesOf(text).map((line, index) => {
      const parsed = parseLine(Buffer.from(line));
      if (parsed === undefined) throw new Error("not a line");
      const body = parsed.payload.toString("utf8", parsed.bodyAt);
      const edited = index === 2 ? body.replace('"u"', '"nobody"') : body;
      const made = encodeLine({ ...parsed, previous }, parsed.kind, edited, digest);
      previous = made.hash;
      return made.text;
    });
    return lines.join("");
  }

  async function forgedLog(key?: string): Promise<{ path: string; head: string }> {
    const path = join(folder, key === undefined ? "plain" : "keyed");
    const { write, log } = openLog(path, { key });
    await write(4);
    const hash = log.head?.hash ?? "";
    await log.shutdown();
    const file = join(path, "audit.000001.jsonl");
    await writeFile(file, forge((await readLog(path)).get("audit.000001.jsonl") ?? ""));
    return { path, head: hash };
  }

  it("is found without a key only by the head that was kept elsewhere", async () => {
    const { path, head: kept } = await forgedLog();
    expect(await verifyLog(path, { expectedHeads: [kept] })).toMatchObject({
      chains: [{ name: "audit", tally: { events: 4 } }],
      missingHeads: [kept],
    });
    expect(await problemsOf(path)).toEqual([]);
  });

  it("is found with a key that they don't have", async () => {
    const { path } = await forgedLog(KEY);
    expect(await problemsOf(path, KEY)).toEqual([
      "audit.000001.jsonl:1: was changed: its hash is not that of what it says",
    ]);
  });
});

describe("a log with a key", () => {
  it("is proven with that key alone", async () => {
    const path = join(folder, "with-key");
    const { write, log } = openLog(path, { key: KEY });
    await write(2);
    await log.shutdown();
    expect(await problemsOf(path, KEY)).toEqual([]);
    expect(await problemsOf(path, `${KEY}!`)).toEqual([
      "audit.000001.jsonl:1: is made with another key",
    ]);
    expect(await problemsOf(path)).toEqual([
      "audit.000001.jsonl:1: is made with a key, without which it can't be checked",
    ]);
  });

  it("is not believed when it says that it has none", async () => {
    expect(await problemsOf(join(folder, "whole"), KEY)).toEqual([
      "audit.000001.jsonl:1: is made without the key",
    ]);
  });
});
