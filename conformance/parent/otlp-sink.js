import { createServer } from "node:http";
import { once } from "node:events";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";

/** A receiver of OTLP/HTTP JSON on loopback. */
export async function startSink() {
  const bodies = [];
  const server = createServer((request, response) => {
    void buffer(request).then((raw) => {
      const isGzip = request.headers["content-encoding"] === "gzip";
      bodies.push((isGzip ? gunzipSync(raw) : raw).toString("utf8"));
      response.setHeader("content-type", "application/json").end("{}");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  return {
    url: `http://127.0.0.1:${port}`,
    /** As they came, to be searched. */
    text: () => bodies.join("\n"),
    spans: () => bodies.flatMap(spansOf),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function spansOf(body) {
  const { resourceSpans } = JSON.parse(body);
  return resourceSpans.flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) => spans.map((span) => decode(span, scope.name))),
  );
}

function decode({ name, kind, traceId, spanId, parentSpanId, attributes, status }, scope) {
  const entries = attributes.map(({ key, value }) => [key, plain(value)]);
  return {
    name,
    kind,
    traceId,
    spanId,
    parentSpanId,
    scope,
    status: status ?? {},
    attributes: Object.fromEntries(entries),
  };
}

function plain({ stringValue, boolValue, intValue, doubleValue, arrayValue }) {
  if (intValue !== undefined) return Number(intValue);
  return stringValue ?? boolValue ?? doubleValue ?? arrayValue?.values?.map(plain) ?? null;
}
