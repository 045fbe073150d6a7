import { readFile } from "node:fs/promises";
import OpenAI from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { problemKinds } from "../../src/http/problem.ts";
import { createObservability, type Observability } from "../../src/index.ts";
import { createSimulatedProvider } from "../../src/testing/index.ts";
import { runProcess } from "../support/run-process.ts";
import { describeWith } from "./binaries.ts";

const page = await readFile(new URL("../../docs/rest-api.md", import.meta.url), "utf8");
const TOKEN = "a-token-for-the-tests";

interface Example {
  readonly command: string;
  /** What the page shows of the answer, if that is JSON. */
  readonly shown: unknown;
}

const examples = [...page.matchAll(/```sh\n(curl .*?)```\n\n```(json)?\n(.*?)```/gs)].map(
  ([, command = "", json, answer = ""]): Example => ({
    command,
    shown: json === undefined ? undefined : JSON.parse(answer),
  }),
);

/** Paths of all fields of `value`; items of a list are alike. */
function fieldsOf(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => fieldsOf(item, `${path}[]`));
  return Object.entries(value).flatMap(([name, field]) => [
    `${path}.${name}`,
    ...fieldsOf(field, `${path}.${name}`),
  ]);
}

describeWith(["curl"], "docs/rest-api.md", () => {
  let obs: Observability;
  let url: string;

  beforeAll(async () => {
    obs = createObservability({
      server: { port: 0, tokens: [TOKEN] },
      log: { destination: "off" },
    });
    url = (await obs.ready()).url ?? "";
    const { fetch } = createSimulatedProvider({
      plan: () => ({ kind: "answer", promptTokens: 1_000, completionTokens: 100 }),
    });
    const openai = obs.observe(new OpenAI({ apiKey: "sk-test", fetch }));
    const chat = () =>
      openai.chat.completions.create({
        model: "gpt-4o-mini",
        messages: [{ role: "user", content: "Hello" }],
      });
    await obs.withContext({ userId: "user-7" }, () =>
      obs.session("session-42", () =>
        obs.agent("orchestrator", async () => {
          await chat();
          await obs.agent("coder", () => obs.tool("search", chat));
          obs.hitl.request("refund").decide("APPROVE");
        }),
      ),
    );
  });
  afterAll(() => obs.shutdown());

  test("has an example of every route", () => {
    for (const route of [
      "/events/metrics ",
      "/sessions?",
      "/session/session-42 ",
      "-X DELETE",
      "/audit-log?",
      "/stats ",
      "/stream?",
    ]) {
      expect(
        examples.filter(({ command }) => `${command.replaceAll(/['\n]/g, "")} `.includes(route)),
        route,
      ).not.toEqual([]);
    }
  });

  test.each(examples)("answers $command as it is shown", async ({ command, shown }) => {
    const script = command.replaceAll("http://127.0.0.1:9464", url);
    const { stdout } = await runProcess("sh", ["-c", script], { environment: { TOKEN } });
    // a stream begins with how long a client is to wait before it connects again
    const answer: unknown =
      shown === undefined ? /^retry: 3000$/m.exec(stdout) : JSON.parse(stdout);
    expect(answer).not.toBeNull();
    const answered = new Set(fieldsOf(answer));
    expect(fieldsOf(shown).filter((field) => !answered.has(field))).toEqual([]);
  });

  test("lists every problem", () => {
    const rows = [...page.matchAll(/^\| `([a-z-]+)` +\| (\d{3}) +\|$/gm)];
    const listed = Object.fromEntries(rows.map(([, kind, status]) => [kind, Number(status)]));
    const known = Object.entries(problemKinds).map(([kind, { status }]) => [kind, status]);
    expect(listed).toEqual(Object.fromEntries(known));
  });
});
