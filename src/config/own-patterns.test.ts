import { describe, expect, it } from "vitest";
import { resolveConfig } from "./resolve-config.ts";

const CAPTURING = { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "true" };

describe("patterns of the application's own", () => {
  it("are expressions, or their texts, by name", () => {
    const ownPatterns = { "employee-id": /E-\d{6}/, plate: "[A-Z]{2} \\d+" };
    expect(resolveConfig({ redaction: { ownPatterns } }, {}).config.redaction.ownPatterns).toEqual(
      ownPatterns,
    );
  });

  it("are JSON in the environment", () => {
    const env = { ...CAPTURING, RLM_REDACTION_OWN_PATTERNS: '{"employee-id":"E-\\\\d{6}"}' };
    const { config, warnings } = resolveConfig(undefined, env);
    expect(config.redaction.ownPatterns).toEqual({ "employee-id": "E-\\d{6}" });
    expect([config.content.capture, warnings]).toEqual(["full", []]);
  });

  it.each(["{", "[]", '{"a":"("}', '{"a":""}', '{"two words":"a"}'])(
    "that are %s in the environment switch capture off",
    (value) => {
      const env = { ...CAPTURING, RLM_REDACTION_OWN_PATTERNS: value };
      const { config, warnings } = resolveConfig(undefined, env);
      expect(config.content.capture).toBe("off");
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toContain("RLM_REDACTION_OWN_PATTERNS");
    },
  );

  it("are refused in code where they are none", () => {
    // as JavaScript may hand it over
    const ownPatterns = { id: 7 } as unknown as Record<string, string>;
    expect(() => resolveConfig({ redaction: { ownPatterns } }, {})).toThrow(
      /redaction\.ownPatterns/,
    );
  });
});
