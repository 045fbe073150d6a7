// A program that has spans under way when it comes to its end. Runs on the built package.
// usage: node export-and-exit.js <url> shutdown|flush|none
import { createDiagnostics } from "../../dist/diagnostics/index.js";
import { startOtel } from "../../dist/runtime/otel.js";

const [url = "", ending = "none"] = process.argv.slice(2);
const limits = { timeoutMs: 60_000, maxQueueSize: 2_048 };
const otel = startOtel(
  {
    serviceName: "ending",
    serviceVersion: undefined,
    environment: undefined,
    otlp: { endpoint: url, tracesEndpoint: undefined, headers: {}, ...limits },
    langfuse: { publicKey: "pk", secretKey: "sk", baseUrl: url, release: undefined, ...limits },
  },
  createDiagnostics(),
);
for (let index = 0; index < 600; index++) otel.tracer.startSpan("chat").end();
if (ending === "shutdown") await otel.shutdown(200);
if (ending === "flush") await otel.forceFlush(200);
