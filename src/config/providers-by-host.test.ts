import { describe, expect, it } from "vitest";
import { resolveConfig } from "./resolve-config.ts";

describe("providers by host", () => {
  it("are read from a list in the environment", () => {
    const env = { RLM_PROVIDERS: "llm.example.com=openai, 10.0.0.7=vllm" };
    const { config, warnings } = resolveConfig(undefined, env);
    expect(config.providers).toEqual({ "llm.example.com": "openai", "10.0.0.7": "vllm" });
    expect(warnings).toEqual([]);
  });

  it.each([
    ["https://llm.example.com", "openai"],
    ["llm.example.com:443", "openai"],
    ["llm.example.com/v1", "openai"],
    ["", "openai"],
    ["llm.example.com", "two words"],
    ["llm.example.com", ""],
  ])("are refused for %j as %j, with what was expected", (host, provider) => {
    expect(() => resolveConfig({ providers: { [host]: provider } }, {})).toThrow(
      /providers \(RLM_PROVIDERS\): expected by host name, without scheme and port/,
    );
  });
});
