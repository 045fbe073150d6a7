import { SpanKind, trace } from "@opentelemetry/api";
import { Counter, Histogram, Registry } from "prom-client";

/**
 * What a careful engineer would write by hand around one call, for this one case: a span, two counters and a histogram
 * on success. No failures, no retries, no cost, no cancelled streams.
 */
export function createFloor() {
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

  function start(request) {
    const { model, stream } = request;
    const attributes = {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": model,
      ...(stream && { "gen_ai.request.stream": true }),
    };
    return {
      model,
      startedAt: performance.now(),
      span: tracer.startSpan(`chat ${model}`, { kind: SpanKind.CLIENT, attributes }),
    };
  }

  function end({ model, startedAt, span }, { id, model: responseModel, usage, finishReason }) {
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
    async chat(client, request) {
      const call = start(request);
      const answer = await client.chat.completions.create(request);
      end(call, { ...answer, finishReason: answer.choices[0].finish_reason });
    },
    async stream(client, request) {
      const call = start(request);
      let last;
      let finishReason;
      for await (const chunk of await client.chat.completions.create(request)) {
        finishReason = chunk.choices[0]?.finish_reason ?? finishReason;
        if (chunk.usage) last = chunk;
      }
      end(call, { ...last, finishReason });
    },
  };
}
