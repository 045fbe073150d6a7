/**
 * How many spans an OTLP/HTTP answer says it has rejected (`partialSuccess`), although its status is a success.
 * Langfuse answers with a queue job instead, which says nothing of it.
 */
export function rejectedSpans(body: Uint8Array): number {
  try {
    const answer: unknown = JSON.parse(Buffer.from(body).toString("utf8"));
    // a 64-bit number is a string in protobuf's JSON
    const count = Number(property(property(answer, "partialSuccess"), "rejectedSpans") ?? 0);
    return count > 0 ? count : 0;
  } catch {
    return 0;
  }
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
