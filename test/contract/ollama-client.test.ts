import { Ollama } from "ollama";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { observedClients, type ObservedClients } from "../support/observed-clients.ts";
import { poll } from "../support/poll.ts";
import {
  json,
  type ScriptedAnswer,
  type ScriptedServer,
  startScriptedServer,
} from "../support/scripted-server.ts";

const REQUEST = { model: "llama3.2", messages: [{ role: "user", content: "Hi" }] };

const END = {
  model: "llama3.2",
  message: { role: "assistant", content: "" },
  done: true,
  done_reason: "stop",
  prompt_eval_count: 26,
  eval_count: 4,
};
const USAGE = { inputTokens: 26, outputTokens: 4 };

const LINES = [
  ...["Grü", "ße", " von", " hier"].map((content) => ({
    model: "llama3.2",
    message: { role: "assistant", content },
    done: false,
  })),
  END,
];

function ndjson(lines: readonly object[]): ScriptedAnswer {
  return {
    contentType: "application/x-ndjson",
    parts: lines.map((line) => `${JSON.stringify(line)}\n`),
  };
}

describe("an observed client of ollama", () => {
  let server: ScriptedServer;
  let observed: ObservedClients;

  beforeEach(async () => {
    server = await startScriptedServer();
    observed = observedClients({ idleLimitMs: 0 });
  });

  afterEach(async () => {
    observed.tracker.shutdown();
    await server.close();
    expect(observed.problems).toEqual([]);
  });

  function bareClient(): Ollama {
    return new Ollama({ host: server.url });
  }

  function client(): Ollama {
    return observed.clients.observe(bareClient());
  }

  async function onlyEnd() {
    await poll("an end", () => observed.ended().length > 0);
    expect(observed.events).toHaveLength(2);
    const [event] = observed.ended();
    if (event === undefined) throw new Error("no end");
    return event.data;
  }

  it("gives the same answer, and reports usage", async () => {
    server.answers = [json({ ...END, message: { role: "assistant", content: "Grüße" } })];
    const bare = await bareClient().chat({ ...REQUEST });
    expect(await client().chat({ ...REQUEST })).toEqual(bare);
    expect(server.bodies[1]).toBe(server.bodies[0]);
    expect(await onlyEnd()).toMatchObject({
      provider: "ollama",
      operation: "chat",
      wireFormat: "ollama.chat",
      model: "llama3.2",
      outcome: "success",
      stream: false,
      finishReasons: ["stop"],
      usage: USAGE,
      serverPort: server.port,
    });
  });

  it("streams the same lines, and reports usage and time to first token", async () => {
    server.answers = [ndjson(LINES)];
    const read = async (from: Ollama) => {
      const lines = [];
      for await (const line of await from.chat({ ...REQUEST, stream: true })) lines.push(line);
      return lines;
    };
    const bare = await read(bareClient());
    expect(await read(client())).toEqual(bare);
    const data = await onlyEnd();
    expect(data).toMatchObject({ outcome: "success", stream: true, usage: USAGE });
    expect(data.timeToFirstTokenMs).toBeGreaterThan(0);
  });

  it("reports generate() as a completion", async () => {
    server.answers = [ndjson([{ model: "llama3.2", response: "Hi", done: false }, END])];
    for await (const _line of await client().generate({
      model: "llama3.2",
      prompt: "Hi",
      stream: true,
    }));
    expect(await onlyEnd()).toMatchObject({ operation: "text_completion", usage: USAGE });
  });

  it("reports embed() as embeddings", async () => {
    server.answers = [json({ model: "all-minilm", embeddings: [[0.1]], prompt_eval_count: 8 })];
    const { embeddings } = await client().embed({ model: "all-minilm", input: ["Hi"] });
    expect(embeddings).toEqual([[0.1]]);
    expect(await onlyEnd()).toMatchObject({
      operation: "embeddings",
      outcome: "success",
      usage: { inputTokens: 8 },
    });
  });

  it("reports the older embeddings(), which tell no usage", async () => {
    server.answers = [json({ embedding: [0.1] })];
    await client().embeddings({ model: "all-minilm", prompt: "Hi" });
    const data = await onlyEnd();
    expect(data).toMatchObject({
      operation: "embeddings",
      model: "all-minilm",
      messagesCount: 1,
      outcome: "success",
    });
    expect(data.usage).toBeUndefined();
  });

  it("rejects as the bare client does, and reports the status", async () => {
    server.answers = [json({ error: "model 'llama3.2' not found" }, 404)];
    const rejected = client().chat({ ...REQUEST });
    await expect(rejected).rejects.toMatchObject({ name: "ResponseError", status_code: 404 });
    expect(await onlyEnd()).toMatchObject({ outcome: "error", errorType: "404" });
  });

  it("reports an error line as an error, which the caller gets as well", async () => {
    server.answers = [ndjson([...LINES.slice(0, 2), { error: "the runner was killed" }])];
    await expect(async () => {
      for await (const _line of await client().chat({ ...REQUEST, stream: true }));
    }).rejects.toThrow("the runner was killed");
    expect(await onlyEnd()).toMatchObject({ outcome: "error", errorType: "_OTHER" });
  });

  it.each(["end", "cut"] as const)(
    "reports a stream without its last line as truncated: %s",
    async (ending) => {
      server.answers = [{ ...ndjson(LINES.slice(0, 2)), ending }];
      await expect(async () => {
        for await (const _line of await client().chat({ ...REQUEST, stream: true }));
      }).rejects.toThrow();
      expect(await onlyEnd()).toMatchObject({ outcome: "truncated" });
    },
  );

  it("reports abort() as aborted, of one stream or of all", async () => {
    server.answers = [{ ...ndjson(LINES.slice(0, 2)), ending: "hang" }];
    const ollama = client();
    for (const abort of ["stream", "client"]) {
      const stream = await ollama.chat({ ...REQUEST, stream: true });
      await expect(async () => {
        for await (const _line of stream) (abort === "stream" ? stream : ollama).abort();
      }).rejects.toMatchObject({ name: "AbortError" });
    }
    const ends = observed.ended().map(({ data }) => data);
    expect(ends).toHaveLength(2);
    for (const end of ends) expect(end).toMatchObject({ outcome: "aborted", errorType: "signal" });
  });

  it("ends a stream that was left early when it has been idle: the SDK goes on reading nothing", async () => {
    server.answers = [{ ...ndjson(LINES.slice(0, 2)), ending: "hang" }];
    const ollama = client();
    for await (const _line of await ollama.chat({ ...REQUEST, stream: true })) break;
    expect(observed.ended()).toHaveLength(0);
    observed.tracker.sweepIdle();
    expect(await onlyEnd()).toMatchObject({ outcome: "abandoned", errorType: "idle" });
  });

  it("passes other calls through uncounted", async () => {
    server.answers = [json({ models: [] })];
    expect(await client().list()).toEqual({ models: [] });
    expect(observed.events).toHaveLength(0);
  });

  it("is the same object, and bare again after unobserve()", async () => {
    server.answers = [json(END)];
    const bare = bareClient();
    const keys = Object.keys(bare);
    expect(observed.clients.observe(bare)).toBe(bare);
    expect(Object.keys(bare)).toEqual(keys);
    await observed.clients.unobserve(bare).chat({ ...REQUEST });
    expect(observed.events).toHaveLength(0);
  });
});
