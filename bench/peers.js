// Other instrumentations of the `openai` client, loaded from the folder they are installed in. Each is set up as its
// README says, with spans in batches to the bench's collector. Defaults differ: all but OpenTelemetry's record prompts
// and answers, and OpenLIT alone sends events and metrics too.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { call, createClient, requireFrom } from "./client.js";

const TRACING = ["@opentelemetry/sdk-trace-node", "@opentelemetry/exporter-trace-otlp-http"];
const INSTRUMENTING = ["@opentelemetry/instrumentation", ...TRACING];

/** So that OpenLIT needs no network to learn prices. */
const PRICES = { chat: { "gpt-4o-mini": { promptPrice: 0.00015, completionPrice: 0.0006 } } };

/** The peers by name: the packages each needs, its own first, and its subject as in `subjects.js`. */
export const peers = {
  OpenTelemetry: instrumentation("@opentelemetry/instrumentation-openai"),
  Traceloop: instrumentation("@traceloop/instrumentation-openai"),
  OpenInference: instrumentation("@arizeai/openinference-instrumentation-openai"),
  Langfuse: { packages: ["@langfuse/openai", "@langfuse/otel", ...TRACING], subject: langfuse },
  OpenLIT: { packages: ["openlit"], subject: openlit },
};

function instrumentation(name) {
  return {
    packages: [name, ...INSTRUMENTING],
    subject(collectorUrl, folder) {
      const require = requireFrom(folder);
      const { registerInstrumentations } = require("@opentelemetry/instrumentation");
      const { OTLPTraceExporter } = require("@opentelemetry/exporter-trace-otlp-http");
      const { BatchSpanProcessor } = require("@opentelemetry/sdk-trace-node");
      const { OpenAIInstrumentation } = require(name);
      const exporter = new OTLPTraceExporter({ url: `${collectorUrl}/v1/traces` });
      const provider = register(require, new BatchSpanProcessor(exporter));
      registerInstrumentations({ instrumentations: [new OpenAIInstrumentation()] });
      return calling(createClient(folder), () => provider.forceFlush());
    },
  };
}

function langfuse(collectorUrl, folder) {
  const require = requireFrom(folder);
  const { LangfuseSpanProcessor } = require("@langfuse/otel");
  const { observeOpenAI } = require("@langfuse/openai");
  const keys = { publicKey: "pk-lf-bench", secretKey: "sk-lf-bench" };
  const processor = new LangfuseSpanProcessor({ ...keys, baseUrl: collectorUrl });
  const provider = register(require, processor);
  return calling(observeOpenAI(createClient(folder)), () => provider.forceFlush());
}

function openlit(collectorUrl, folder) {
  const require = requireFrom(folder);
  const { default: Openlit } = require("openlit");
  Openlit.init({ otlpEndpoint: collectorUrl, pricingJson: JSON.stringify(PRICES) });
  const own = createRequire(require.resolve("openlit"));
  const spans = own("@opentelemetry/api").trace.getTracerProvider().getDelegate();
  const events = own("@opentelemetry/api-logs").logs.getLoggerProvider();
  const flush = () => Promise.all([spans.forceFlush(), events.forceFlush()]);
  return calling(createClient(folder), flush);
}

function register(require, spanProcessor) {
  const { NodeTracerProvider } = require("@opentelemetry/sdk-trace-node");
  const provider = new NodeTracerProvider({ spanProcessors: [spanProcessor] });
  provider.register();
  return provider;
}

const calling = (openai, flush) => ({ call: (request) => call(openai, request), flush });

/** Version of a package installed in `folder`; undefined when it isn't. */
export function versionIn(folder, name) {
  try {
    return JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"))).version;
  } catch {
    return undefined;
  }
}
