import { describe, expect, it } from "vitest";
import { Endpoints } from "./endpoints.ts";
import { providerByHost } from "./provider-by-host.ts";

const PATH = "/v1/chat/completions";

describe("the provider of a host", () => {
  it.each([
    ["api.openai.com", "openai"],
    ["API.OpenAI.com", "openai"],
    ["eu.api.openai.com", "openai"],
    ["api.groq.com", "groq"],
    ["api.groq.com.", "groq"],
    ["my-resource.openai.azure.com", "azure.ai.openai"],
    ["my-resource.services.ai.azure.com", "azure.ai.inference"],
    ["us-central1-aiplatform.googleapis.com", "gcp.vertex_ai"],
    ["openrouter.ai", "openrouter"],
    ["api.anthropic.com", "anthropic"],
    ["generativelanguage.googleapis.com", "gcp.gemini"],
    ["ollama.com", "ollama"],
  ])("%s is %s", (host, provider) => {
    expect(providerByHost(host, 443)).toBe(provider);
  });

  it.each([
    "api.openai.com.evil.example",
    "api-openai.com",
    "evil.example.api.openai.com.example",
    "api.anthropic.com.evil.example",
    "generativelanguage.googleapis.com.evil.example",
    "evil-generativelanguage.googleapis.com",
    "api.groq.com.evil.example",
    "notapi.groq.com",
    "evil-api.groq.com",
    "groq.com",
    "my.openai.azure.com.evil.example",
    "evilopenrouter.ai",
    "openrouter.ai.evil.example",
    "localhost",
  ])("%s is nobody that is known", (host) => {
    expect(providerByHost(host, 443)).toBeUndefined();
  });

  it.each([
    ["llm.example.com", "openai"],
    ["LLM.Example.com.", "openai"],
    ["eu.llm.example.com", "openai"],
    ["api.groq.com", "my_groq"],
    ["evil-llm.example.com", undefined],
    ["llm.example.com.evil.example", undefined],
  ])("%s is %s where the application names providers", (host, provider) => {
    const named = { "LLM.example.com": "openai", "api.groq.com": "my_groq" };
    expect(providerByHost(host, 443, named)).toBe(provider);
  });

  it("is ollama by its port, unless the name says otherwise", () => {
    expect(providerByHost("127.0.0.1", 11_434)).toBe("ollama");
    expect(providerByHost("api.groq.com", 11_434)).toBe("groq");
  });
});

describe("an endpoint", () => {
  it("has host, port and path; the query is left out", () => {
    expect(new Endpoints().find("POST", `https://api.groq.com/openai${PATH}?x=1`)).toMatchObject({
      host: "api.groq.com",
      port: 443,
      pathname: `/openai${PATH}`,
      provider: "groq",
      reader: { format: "openai.chat_completions" },
    });
  });

  it.each([
    ["https://a.example", "/v1/chat/completions", "unknown"],
    ["https://a.example", "/v1/messages", "unknown"],
    ["https://a.example", "/v1beta/models/gemini-2.5-flash:generateContent", "unknown"],
    ["https://a.example", "/api/chat", "ollama"],
    ["http://127.0.0.1:8000", "/v1/chat/completions", "openai"],
    ["http://llm.internal", "/v1/messages", "anthropic"],
    ["https://named.example", "/v1/chat/completions", "x_ai"],
    ["https://a.services.ai.azure.com", "/openai/v1/chat/completions", "azure.ai.openai"],
    ["https://a.services.ai.azure.com", "/models/chat/completions", "azure.ai.inference"],
    ["https://a.cognitiveservices.azure.com", "/openai/v1/chat/completions", "azure.ai.openai"],
    [
      "https://a.cognitiveservices.azure.com",
      "/openai/deployments/gpt-4o/chat/completions",
      "azure.ai.openai",
    ],
    ["https://cognitiveservices.azure.com.evil.example", "/openai/v1/chat/completions", "unknown"],
  ])("of %s%s is that of %s", (origin, path, provider) => {
    const endpoints = new Endpoints({ "named.example": "x_ai" });
    expect(endpoints.find("POST", `${origin}${path}`)?.provider).toBe(provider);
  });

  it.each([
    [`http://a.example${PATH}`, 80],
    [`https://a.example${PATH}`, 443],
    [`http://a.example:8080${PATH}`, 8080],
  ])("of %s has port %i", (url, port) => {
    expect(new Endpoints().find("POST", url)?.port).toBe(port);
  });

  it.each([
    ["GET", `https://api.openai.com${PATH}`],
    ["POST", "https://api.openai.com/v1/models"],
    ["POST", "no url"],
    ["POST", ""],
    ["POST", PATH],
  ])("is none for %s %s", (method, url) => {
    expect(new Endpoints().find(method, url)).toBeUndefined();
  });

  it.each(["data:,", "blob:nodedata:1", "file:///etc/hosts"])(
    "is none for %s, and no request that could be counted either",
    (url) => {
      expect(new Endpoints().find("GET", url)).toBeUndefined();
      expect(new Endpoints().findUnread("GET", url)).toBeUndefined();
    },
  );

  it("is remembered, up to a bound", () => {
    const endpoints = new Endpoints();
    const url = (index: number) => `https://host-${index}.example${PATH}`;
    const first = endpoints.find("POST", url(0));
    for (let index = 1; index < 256; index += 1) endpoints.find("POST", url(index));
    expect(endpoints.find("POST", url(0))).toBe(first);
    endpoints.find("POST", url(256));
    const again = endpoints.find("POST", url(0));
    expect(again).not.toBe(first);
    expect(again).toEqual(first);
  });
});
