import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";
import { JsonTraceSerializer } from "@opentelemetry/otlp-transformer";
let last = [];
const p = new BasicTracerProvider({
  spanProcessors: [
    {
      onStart() {},
      onEnd(s) {
        last.push(s);
        if (last.length > 512) last = [];
      },
      forceFlush() {},
      shutdown() {},
    },
  ],
});
const t = p.getTracer("x");
const A = (i) => ({
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "openai",
  "gen_ai.request.model": "gpt-4o-mini",
  "server.address": "api.openai.com",
  "server.port": 443,
  "rlm.correlation.id": "x" + i,
  "gen_ai.request.temperature": 0.2,
  "openai.api.type": "chat_completions",
});
const B = (i) => ({
  "rlm.outcome": "success",
  "gen_ai.response.id": "c" + i,
  "gen_ai.response.model": "gpt-4o-mini-2024",
  "http.response.status_code": 200,
  "gen_ai.response.finish_reasons": ["stop"],
  "gen_ai.usage.input_tokens": 100,
  "gen_ai.usage.output_tokens": 20,
  "gen_ai.usage.cache_read.input_tokens": 10,
  "rlm.cost.total_usd": 0.1,
  "rlm.cost.input_usd": 0.05,
  "rlm.cost.output_usd": 0.04,
  "rlm.cost.source": "table",
  "rlm.cost.table_version": "x",
});
const b = (n, f, N = 20000) => {
  const ts = [];
  for (let k = 0; k < 9; k++) {
    const s = process.cpuUsage();
    for (let i = 0; i < N; i++) f(i);
    const u = process.cpuUsage(s);
    ts.push((u.user + u.system) / N);
  }
  ts.sort((a, b) => a - b);
  console.log(n.padEnd(40), ts[4].toFixed(2), "us");
};
b("start+end, no attrs", (i) => {
  const s = t.startSpan("a");
  s.end();
});
b("start+end, 8 attrs at start", (i) => {
  const s = t.startSpan("a", { attributes: A(i) });
  s.end();
});
b("start 8, set 13, end", (i) => {
  const s = t.startSpan("a", { attributes: A(i) });
  s.setAttributes(B(i));
  s.end();
});
b("times: start/end given hr", (i) => {
  const s = t.startSpan("a", { attributes: A(i), startTime: [1, 2] });
  s.setAttributes(B(i));
  s.end([2, 3]);
});
last = [];
for (let i = 0; i < 512; i++) {
  const s = t.startSpan("a", { attributes: A(i) });
  s.setAttributes(B(i));
  s.end();
}
const batch = last.slice(0, 512);
b(
  "serialize per span",
  (i) => {
    JsonTraceSerializer.serializeRequest(batch);
  },
  20,
);
const fl = [];
last = [];
for (let i = 0; i < 512; i++) {
  const s = t.startSpan("a", { attributes: { a: 1, b: "x", c: "y" } });
  s.setAttributes({ d: "e", f: "g", h: ["stop"], i: 1, j: 2 });
  s.end();
}
const batch2 = last.slice(0, 512);
b(
  "serialize small per span",
  (i) => {
    JsonTraceSerializer.serializeRequest(batch2);
  },
  20,
);
