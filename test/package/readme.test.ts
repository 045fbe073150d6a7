import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSimulatedProvider, type ListeningHandler } from "../../src/testing/index.ts";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const readme = await readFile(join(ROOT, "README.md"), "utf8");
const snippets = [...readme.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code = ""]) => ({
  code,
  title: code.match(/createMonitoredLlm|obs\.(?:agent|session)\(|obs\.observe/g)?.at(-1) ?? "",
}));

/** Runs the snippets as they stand, against a simulated provider; the package finds itself by its own name. */
describe("the README", () => {
  let folder: string;
  let server: ListeningHandler;

  beforeAll(async () => {
    folder = await mkdtemp(join(ROOT, "temp-readme-"));
    server = await createSimulatedProvider({
      plan: () => ({ kind: "answer", promptTokens: 9, completionTokens: 3, content: "Hello!" }),
    }).listen();
  });

  afterAll(async () => {
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("has the four snippets that this test knows", () => {
    expect(snippets.map(({ title }) => title)).toEqual([
      "obs.observe",
      "obs.session(",
      "obs.agent(",
      "createMonitoredLlm",
    ]);
  });

  test.each(snippets)(
    "its snippet of $title runs, answers, and loses nothing",
    async ({ code }) => {
      const file = join(folder, `snippet-${snippets.findIndex((s) => s.code === code)}.js`);
      await writeFile(file, code);
      const { stdout, stderr } = await run(process.execPath, [file], {
        timeout: 20_000,
        env: {
          PATH: process.env["PATH"],
          OPENAI_API_KEY: "sk-test",
          OPENAI_BASE_URL: `${server.url}/v1`,
          OTEL_EXPORTER_PROMETHEUS_PORT: "0",
        },
      });
      expect(stdout).toContain("Hello!");
      expect(stdout).not.toMatch(/lost (?!\{\})/);
      for (const line of stderr.trim().split("\n")) {
        expect(JSON.parse(line)).toMatchObject({ event: "llm_request_completed" });
      }
    },
  );

  test("links to files that exist", async () => {
    const links = [...readme.matchAll(/\]\((?!http)([^)#]+)/g)].map(([, path = ""]) => path);
    expect(links.length).toBeGreaterThan(10);
    for (const path of links) {
      await expect(run("test", ["-e", join(ROOT, path)]), path).resolves.toBeDefined();
    }
  });
});
