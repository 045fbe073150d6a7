import type OpenAI from "openai";
import { expect } from "vitest";
import { observedClients, type ObservedClientsOptions } from "./observed-clients.ts";
import { poll } from "./poll.ts";
import { startScriptedServer } from "./scripted-server.ts";

/** Each major of the SDK that is tested. */
export const OPENAI_VERSIONS = [
  "openai-4-oldest",
  "openai-4",
  "openai-5",
  "openai",
  "openai-7",
] as const;

/** Those that know the Responses API. */
export const OPENAI_RESPONSES_VERSIONS = OPENAI_VERSIONS.filter(
  (version) => version !== "openai-4-oldest",
);

export type OpenAiFixture = Awaited<ReturnType<typeof startOpenAiFixture>>;

/** A server that answers as told, and clients of one SDK version that call it, observed or bare. */
export async function startOpenAiFixture(
  version: (typeof OPENAI_VERSIONS)[number],
  options: Pick<ObservedClientsOptions, "around" | "content"> = {},
) {
  const server = await startScriptedServer();
  // the four majors share the surface that is used here
  const { default: Client } = (await import(version)) as { default: typeof OpenAI };
  const observed = observedClients(options);

  function bare(): OpenAI {
    return new Client({ apiKey: "sk-test", baseURL: `${server.url}/v1`, maxRetries: 0 });
  }

  return {
    server,
    observed,
    Client,
    bare,
    client: () => observed.clients.observe(bare()),
    /** Of the one operation there was. */
    async onlyEnd() {
      await poll("an end", () => observed.ended().length > 0);
      expect(observed.events.filter(({ type }) => type === "llm_request_started")).toHaveLength(1);
      const [event, ...others] = observed.ended();
      if (event === undefined || others.length > 0) throw new Error("not one end");
      return event.data;
    },
    async close() {
      observed.tracker.shutdown();
      await server.close();
      expect(observed.problems).toEqual([]);
    },
  };
}

/** A scripted answer: server-sent events, one part each. */
export function eventStream(payloads: readonly object[], last?: string) {
  const named = payloads.map((payload) => {
    const name = "type" in payload && typeof payload.type === "string" ? payload.type : undefined;
    const data = `data: ${JSON.stringify(payload)}\n\n`;
    return name === undefined ? data : `event: ${name}\n${data}`;
  });
  const parts = last === undefined ? named : [...named, `data: ${last}\n\n`];
  return { contentType: "text/event-stream; charset=utf-8", parts };
}
