import { expect, it, vi } from "vitest";
import { createDiagnostics } from "../../diagnostics/index.ts";
import { createExpositionLater } from "./exposition-later.ts";

const samples = vi.fn(() => [{ value: 3, labels: {} }]);
const definition = {
  name: "rlm_size",
  type: "gauge",
  help: "Size.",
  unit: "1",
  labels: [],
} as const;

function create() {
  const sources = [{ definition, samples }];
  return createExpositionLater({ sources, process: true }, createDiagnostics());
}

it("has the pages of the exposition, in both formats", async () => {
  const exposition = create();
  const [text, openMetrics] = await Promise.all([exposition.text(), exposition.openMetrics()]);
  for (const page of [text, openMetrics]) {
    expect(page).toContain("\nrlm_size 3\n");
    expect(page).toMatch(/^process_cpu_seconds_total /m);
  }
  exposition.close();
});

it("closed before the first page, collects nothing of the process", async () => {
  const exposition = create();
  exposition.close();
  expect(await exposition.text()).toBe(
    "# HELP rlm_size Size.\n# TYPE rlm_size gauge\nrlm_size 3\n",
  );
});
