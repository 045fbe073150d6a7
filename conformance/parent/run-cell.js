import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { bundle } from "./bundle.js";
import { install, loaderOf, nodeBinary, ownLoader } from "./install.js";
import { startSink } from "./otlp-sink.js";

const ROOT = join(import.meta.dirname, "../..");
const CHILD = join(import.meta.dirname, "../child");
const CHILD_LIMIT_MS = 240_000;
let runs = 0;

/**
 * One process with the application in it.
 *
 * @param {import("./matrix.js").Cell} cell
 * @param {{ mode: "bare" | "observe" | "register", folder: string, only?: readonly string[], broken?: string, secondCopy: string }} how
 */
export async function runChild(cell, { mode, folder, only, broken, secondCopy }) {
  const sink = await startSink();
  const name = `${runs++}-${mode}`;
  const files = { output: join(folder, `${name}.json`), logFile: join(folder, `${name}.log`) };
  const metricsPort = mode === "register" ? await freePort() : undefined;
  const sinkUrl = await sinkUrlOf(cell, sink);
  const plan = {
    ...(await where(cell)),
    ...files,
    mode,
    way: cell.mode,
    thorough: isThorough(cell),
    otel: cell.otel.replace(/-\d$/, ""),
    only,
    broken,
    secondCopy,
    sinkUrl,
    metricsPort,
    shims: shimsOf(cell),
  };
  const planFile = join(folder, `${name}.plan.json`);
  await writeFile(planFile, JSON.stringify(plan));
  try {
    const ended = await start(cell, {
      entry: await entryOf(cell, plan),
      mode,
      planFile,
      sinkUrl,
      metricsPort,
      logFile: files.logFile,
    });
    const result = JSON.parse(
      await readFile(files.output, "utf8").catch(() => '{"results":[],"spans":[]}'),
    );
    const log = await readFile(files.logFile, "utf8").catch(() => "");
    return {
      ...result,
      ended,
      log,
      sinkText: sink.text(),
      spans: [...(result.spans ?? []), ...sink.spans()],
    };
  } finally {
    await sink.close();
  }
}

/** What takes long runs in one way only. */
function isThorough({ node, module, mode, otel }) {
  const plain = module === "esm" && mode === "observe" && otel === "own";
  return plain && (node === "20" || node === "current");
}

/** Spans go to the application's own provider where it has one, and nowhere when all is to fail. */
async function sinkUrlOf({ otel }, { url }) {
  if (otel === "throwing") return `http://127.0.0.1:${await freePort()}`;
  return otel === "own" ? url : undefined;
}

async function where({ subject, otel }) {
  const loader =
    subject.install === undefined ? ownLoader : loaderOf(await install(subject.install));
  const otelLoader =
    otel === "app-3" ? loaderOf(await install("@opentelemetry/sdk-node@0.301.0")) : ownLoader;
  const { id, family, specifier, version } = subject;
  return {
    subject: { id, family, version: version ?? id.split("-").at(-1) },
    specifier,
    loader,
    otelLoader,
  };
}

/** Bare and registered run with the same shims, or they could not be compared. */
function shimsOf({ mode, subject }) {
  return mode === "register" && subject.shim !== undefined ? [subject.shim] : [];
}

function entryOf({ module, mode, subject }, { loader, shims }) {
  if (module === "bundle") return bundle(subject, { loader, shims, observed: mode === "observe" });
  return join(CHILD, module === "cjs" ? "main.cjs" : "main.js");
}

async function start({ node }, { entry, mode, planFile, sinkUrl, metricsPort, logFile }) {
  const register = mode === "register" ? ["--import", "@rlm-toolkit/observability/register"] : [];
  const environment =
    mode === "register"
      ? {
          OTEL_EXPORTER_OTLP_ENDPOINT: sinkUrl,
          OTEL_EXPORTER_PROMETHEUS_PORT: String(metricsPort),
          OTEL_EXPORTER_OTLP_TIMEOUT: "30000",
          RLM_SHUTDOWN_TIMEOUT_MS: "30000",
          RLM_LOG: logFile,
        }
      : {};
  const child = spawn(await nodeBinary(node), ["--expose-gc", ...register, entry, planFile], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: CHILD_LIMIT_MS,
  });
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code, signal, stdout, stderr };
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
