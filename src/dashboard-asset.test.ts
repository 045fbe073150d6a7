import { readFileSync } from "node:fs";
import { expect, it, vi } from "vitest";
import { shippedDashboard } from "./dashboard-asset.ts";

vi.mock("node:fs", { spy: true });

const file = new URL("../grafana/dashboards/llm-overview.json", import.meta.url);

it("is the committed dashboard, a fresh copy each time", () => {
  const committed: unknown = JSON.parse(readFileSync(file, "utf8"));
  const first = shippedDashboard({});
  expect(first).toEqual(committed);
  first["title"] = "spoilt";
  expect(shippedDashboard({})).toEqual(committed);
});

it("takes a title and a prefix", () => {
  const text = JSON.stringify(shippedDashboard({ title: "Mine", prefix: "acme_" }));
  expect(text).toContain('"title":"Mine"');
  expect(text).toContain("acme_requests_total");
  expect(text).not.toContain("rlm_requests_total{");
});

it.each<[string, () => string]>([
  [
    "is missing",
    () => {
      throw new Error("ENOENT");
    },
  ],
  ["is no JSON", () => "{"],
])("says what to do when the file %s", (_what, read) => {
  vi.mocked(readFileSync).mockImplementationOnce(read);
  expect(() => shippedDashboard({})).toThrow(
    expect.objectContaining({
      code: "ASSET_MISSING",
      message: expect.stringContaining("mark it as external") as string,
    }) as Error,
  );
});
