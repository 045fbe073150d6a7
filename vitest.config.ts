import { defineConfig } from "vitest/config";

/** One kind of test: where it lives, how long one may take, and which kinds it waits for. */
interface Kind {
  readonly name: string;
  readonly include: readonly string[];
  readonly timeoutMs: number;
  /** Groups run one after another, so that real servers and packing don't share the processor with timings. */
  readonly group: number;
  readonly serial?: boolean;
  readonly setupFiles?: readonly string[];
}

const kinds: readonly Kind[] = [
  { name: "unit", include: ["src/**"], timeoutMs: 5_000, group: 0 },
  {
    name: "contract",
    include: ["test/contract/**", "test/golden/**"],
    timeoutMs: 15_000,
    group: 0,
    setupFiles: ["test/support/events-match-schemas.ts"],
  },
  { name: "regression", include: ["test/regression/**"], timeoutMs: 15_000, group: 0 },
  { name: "package", include: ["test/package/**"], timeoutMs: 180_000, group: 1, serial: true },
  { name: "e2e", include: ["test/e2e/**"], timeoutMs: 180_000, group: 2, serial: true },
];

export default defineConfig({
  test: {
    projects: kinds.map(({ name, include, timeoutMs, group, serial = false, setupFiles = [] }) => ({
      test: {
        name,
        include: include.map((folder) => `${folder}/*.test.ts`),
        testTimeout: timeoutMs,
        hookTimeout: timeoutMs,
        setupFiles: [...setupFiles],
        sequence: { groupOrder: group },
        ...(serial ? { maxWorkers: 1 } : {}),
      },
    })),
  },
});
