import { describe, expect, it } from "vitest";
import { observedClients } from "../../test/support/observed-clients.ts";

const MESSAGE = { model: "claude-sonnet-4-5", max_tokens: 10, messages: [] };

async function providerSeen(url: string, body: unknown): Promise<string | undefined> {
  const { fetches, events } = observedClients();
  const fetch = fetches.observe(async () => Response.json({}));
  await (await fetch(url, { method: "POST", body: JSON.stringify(body) })).json();
  const [started] = events;
  return started?.type === "llm_request_started" ? started.data.provider : undefined;
}

describe("a call to a host that is not known", () => {
  it("is observed if the request is of that format, and nobody's that is known", async () => {
    expect(await providerSeen("https://llm.example/v1/messages", MESSAGE)).toBe("unknown");
  });

  it("is the format's provider where the host is private", async () => {
    expect(await providerSeen("http://llm.internal/v1/messages", MESSAGE)).toBe("anthropic");
  });

  it("is not observed if only its path is like a provider's", async () => {
    const url = "https://shop.example/v1/messages";
    expect(await providerSeen(url, { to: "+4900", text: "Hi" })).toBeUndefined();
  });
});

describe("a call to a known host", () => {
  it("is observed by its path, whatever its body", async () => {
    expect(await providerSeen("https://api.anthropic.com/v1/messages", {})).toBe("anthropic");
  });

  it("is that host's provider, whatever format it speaks", async () => {
    const url = "https://api.deepseek.com/anthropic/v1/messages";
    expect(await providerSeen(url, MESSAGE)).toBe("deepseek");
  });
});
