/** True if `accept` asks for OpenMetrics, and for no other text more than for it (RFC 9110 §12.5.1). */
export function prefersOpenMetrics(accept: string | null): boolean {
  const ranges = (accept ?? "").split(",").map(parseRange);
  const quality = (type: string) =>
    Math.max(0, ...ranges.filter((range) => range.type === type).map((range) => range.quality));
  const openMetrics = quality("application/openmetrics-text");
  return openMetrics > 0 && openMetrics >= quality("text/plain");
}

function parseRange(range: string): { readonly type: string; readonly quality: number } {
  const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith("q="));
  const quality = weight === undefined ? 1 : Number(weight.slice(2));
  return { type, quality: quality >= 0 ? quality : 0 };
}
