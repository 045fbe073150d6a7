import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runNode } from "../support/run-process.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Says of moments in the life of a process whether Node.js follows its promises for an async context. */
const PROGRAM = `
  import OpenAI from "openai";
  import { createObservability } from "@rlm-toolkit/observability";

  const moments = [];
  const tell = (moment) => {
    // what Node.js follows has an id
    const followed = Object.getOwnPropertySymbols(Promise.resolve()).length > 0;
    moments.push(moment + ": " + (followed ? "followed" : "left alone"));
  };
  const chunk = (delta, finish_reason = null) =>
    "data: " + JSON.stringify({ id: "1", model: "m", choices: [{ index: 0, delta, finish_reason }] }) + "\\n\\n";
  const events = [chunk({ content: "a" }), chunk({ content: "b" }), chunk({}, "stop"), "data: [DONE]\\n\\n"];
  const fetch = async () => {
    tell("sent");
    return new Response(ReadableStream.from(events.map((event) => Buffer.from(event))), {
      headers: { "content-type": "text/event-stream" },
    });
  };
  const apiKey = async () => {
    tell("asked for its key");
    return "sk-test";
  };
  const obs = createObservability({ server: { enabled: false }, log: { destination: "off" } });
  const openai = obs.observe(new OpenAI({ apiKey, fetch }));
  const ask = () => openai.chat.completions.create({ model: "m", messages: [], stream: true });

  // Node.js stops it in a turn of its own
  await null;
  tell("observed");
  for await (const { choices } of await ask()) tell("reading " + choices[0].delta.content);
  await obs.withContext({ sessionId: "s" }, async () => {
    for await (const _chunk of await ask());
  });
  tell("with a context of the application's");
  await obs.shutdown();
  console.log(JSON.stringify(moments));
`;

test.skipIf(Number(process.versions.node.split(".")[0]) >= 24)(
  "Node.js follows promises while an HTTP call is sent, not while it is prepared or its answer is read; and for good once the application has a context",
  async () => {
    const { code, stdout, stderr } = await runNode(["--input-type=module", "--eval", PROGRAM], {
      cwd: ROOT,
    });
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toEqual([
      "observed: left alone",
      "asked for its key: left alone",
      "sent: followed",
      "reading a: left alone",
      "reading b: left alone",
      "reading undefined: left alone",
      "asked for its key: followed",
      "sent: followed",
      "with a context of the application's: followed",
    ]);
  },
);
