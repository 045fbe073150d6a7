import { expect, it, vi } from "vitest";
import { createRestHandler } from "../../test/support/rest-handler.ts";

vi.mock("hono", () => {
  throw new Error("secret");
});

it("what can't be loaded is reported once, and said without the reason", async () => {
  const { get, problems } = createRestHandler();
  for (const path of ["/metrics", "/healthz", "/events/stats"]) {
    const response = await get(path);
    expect(response.status).toBe(500);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.text()).not.toContain("secret");
  }
  expect(problems).toHaveLength(1);
});
