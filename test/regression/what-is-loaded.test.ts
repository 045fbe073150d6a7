import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runNode } from "../support/run-process.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DIST = new URL("../../dist/", import.meta.url).href;

/** What is needed to observe a call; everything else can wait. */
const AT_START = [
  "@opentelemetry/api",
  "@opentelemetry/core",
  "@opentelemetry/resources",
  "@opentelemetry/sdk-trace",
  "@opentelemetry/sdk-trace-base",
  "@opentelemetry/semantic-conventions",
];
const EVERYTHING =
  '{ otlp: { endpoint: "http://127.0.0.1:9" }, langfuse: { publicKey: "pk", secretKey: "sk" }, ' +
  'log: { destination: "stderr" }, webhook: { url: "http://127.0.0.1:9" }, server: { port: 0 } }';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rlm-loaded-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** URLs of all modules that the program has loaded: V8's coverage names them. */
async function loadedBy(program: string): Promise<string[]> {
  const { code, stderr } = await runNode(["--input-type=module", "--eval", program], {
    cwd: ROOT,
    environment: { NODE_V8_COVERAGE: folder },
  });
  expect(code, stderr).toBe(0);
  const [report = ""] = await readdir(folder);
  const { result } = JSON.parse(await readFile(join(folder, report), "utf8")) as {
    result: { url: string }[];
  };
  return result.map(({ url }) => url);
}

function packagesOf(urls: readonly string[]): string[] {
  const names = urls.map((url) => /.*\/node_modules\/((@[^/]+\/)?[^/]+)/.exec(url)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].toSorted();
}

test("the start loads no dependency that is not needed to observe a call, and few files", async () => {
  const loaded = await loadedBy(`
    import { createObservability } from "@rlm-toolkit/observability";
    const obs = createObservability(${EVERYTHING});
    await obs.ready();
    process.exit(0);
  `);

  expect(packagesOf(loaded)).toEqual(AT_START);
  expect(loaded.filter((url) => url.startsWith(DIST)).length).toBeLessThan(20);
});

test("a scrape of the metrics loads neither the REST API nor what describes it", async () => {
  const program = (path: string) => `
    import { createObservability } from "@rlm-toolkit/observability";
    const obs = createObservability({ server: { port: 0 }, log: { destination: "off" } });
    const { url } = await obs.ready();
    const { status } = await fetch(url + "${path}");
    process.exit(status === 200 ? 0 : 1);
  `;
  const scraped = await loadedBy(program("/metrics"));
  expect(packagesOf(scraped)).toContain("hono");
  expect(packagesOf(scraped)).not.toContain("zod");

  await rm(folder, { recursive: true });
  await mkdir(folder);
  expect(packagesOf(await loadedBy(program("/events/stats")))).toContain("zod");
});
