import { context, SpanKind, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { Counter, Histogram, Registry } from "prom-client";

/**
 * What a careful engineer would write by hand around one call, for this one case: an active span, two counters and a
 * histogram on success. No failures, no retries, no cost, no events, no cancelled streams.
 */
export function createFloor(collectorUrl) {
  const exporter = new OTLPTraceExporter({ url: `${collectorUrl}/v1/traces` });
  const provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  const tracer = trace.getTracer("floor");
  const registers = [new Registry()];
  const labelNames = ["provider", "model"];
  const requests = new Counter({ name: "requests_total", help: "-", labelNames, registers });
  const tokens = new Counter({
    name: "tokens_total",
    help: "-",
    labelNames: [...labelNames, "type"],
    registers,
  });
  const latency = new Histogram({ name: "latency_seconds", help: "-", labelNames, registers });

  function end(span, model, startedAt, { id, model: responseModel, usage, finishReason }) {
    span.setAttributes({
      "gen_ai.response.id": id,
      "gen_ai.response.model": responseModel,
      "gen_ai.response.finish_reasons": [finishReason],
      "gen_ai.usage.input_tokens": usage.prompt_tokens,
      "gen_ai.usage.output_tokens": usage.completion_tokens,
    });
    span.end();
    requests.inc({ provider: "openai", model });
    tokens.inc({ provider: "openai", model, type: "prompt" }, usage.prompt_tokens);
    tokens.inc({ provider: "openai", model, type: "completion" }, usage.completion_tokens);
    latency.observe({ provider: "openai", model }, (performance.now() - startedAt) / 1000);
  }

  return {
    call(client, request) {
      const { model, stream } = request;
      const startedAt = performance.now();
      const attributes = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": model,
        ...(stream && { "gen_ai.request.stream": true }),
      };
      const options = { kind: SpanKind.CLIENT, attributes };
      return tracer.startActiveSpan(`chat ${model}`, options, async (span) => {
        const answer = await client.chat.completions.create(request);
        end(span, model, startedAt, stream ? await lastOf(answer) : wholeOf(answer));
      });
    },
    flush: () => provider.forceFlush(),
  };
}

const wholeOf = (answer) => ({ ...answer, finishReason: answer.choices[0].finish_reason });

async function lastOf(chunks) {
  let last;
  let finishReason;
  for await (const chunk of chunks) {
    finishReason = chunk.choices[0]?.finish_reason ?? finishReason;
    if (chunk.usage) last = chunk;
  }
  return { ...last, finishReason };
}
