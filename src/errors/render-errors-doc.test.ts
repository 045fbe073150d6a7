import { describe, expect, it } from "vitest";
import { errorCodes } from "./observability-error.ts";
import { renderErrorsDoc } from "./render-errors-doc.ts";

describe("docs/errors.md", () => {
  it("has one well-formed row for each code, and no other", () => {
    const rows = renderErrorsDoc()
      .split("\n")
      .filter((line) => line.startsWith("| `"));
    expect(rows.map((row) => row.split("`")[1])).toEqual(Object.keys(errorCodes));
    for (const row of rows) expect(row.split("|"), row).toHaveLength(4);
  });
});
