/**
 * Anything as JSON that two runs can be compared by: values, classes, own keys and their attributes. What changes from
 * run to run (ports, generated ids, form boundaries) has a fixed name.
 */
export function describe(value) {
  return describeValue(value, { seen: new Map(), depth: 0 });
}

/** Fields that differ from run to run: stack traces, and what a broken socket says of itself. */
const PER_RUN = new Set([
  "stack",
  "localPort",
  "remotePort",
  "bytesRead",
  "bytesWritten",
  "timeout",
]);

/** Own fields of an SDK's object are shown this deep. */
const MAX_DEPTH = 8;

function describeValue(value, walk) {
  if (typeof value === "string") return withoutRunNames(value);
  if (typeof value === "number" || typeof value === "bigint") return numberText(value);
  if (typeof value === "boolean" || value === null) return value;
  if (typeof value === "undefined" || typeof value === "symbol") return `<${String(value)}>`;
  if (typeof value === "function") return `<function ${value.name}/${value.length}>`;
  return describeObject(value, walk);
}

function describeObject(value, { seen, depth }) {
  if (seen.has(value)) return `<same as ${seen.get(value)}>`;
  seen.set(value, `#${seen.size}`);
  if (depth > MAX_DEPTH) return "<deep>";
  if (ArrayBuffer.isView(value))
    return `<${value.constructor.name}> ${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("latin1")}`;
  if (value instanceof ArrayBuffer) return `<ArrayBuffer> ${Buffer.from(value).toString("latin1")}`;
  const walk = { seen, depth: depth + 1 };
  if (Array.isArray(value)) return value.map((item) => describeValue(item, walk));
  const shown = shownSpecially(value, walk) ?? fieldsOf(value, walk);
  const classes = classesOf(value);
  return classes === "" ? shown : { "<class>": classes, ...shown };
}

/** Constructors up the prototype chain; none for a plain object. */
function classesOf(value) {
  const names = [];
  let prototype = Object.getPrototypeOf(value);
  while (prototype !== null && prototype !== Object.prototype) {
    names.push(prototype.constructor?.name ?? "?");
    prototype = Object.getPrototypeOf(prototype);
  }
  return names.join(" < ");
}

function shownSpecially(value, walk) {
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (tag === "Headers") return { entries: describeValue([...value], walk) };
  if (tag === "Response") return responseFields(value, walk);
  if (tag === "AbortController") return { aborted: value.signal.aborted };
  if (tag === "AbortSignal") return { aborted: value.aborted };
  if (value instanceof Map) return { entries: describeValue([...value], walk) };
  if (value instanceof Set) return { entries: describeValue([...value], walk) };
  if (value instanceof Promise) return { keys: keysOf(value) };
  return undefined;
}

function responseFields(response, walk) {
  const { status, statusText, ok, type, redirected, url, bodyUsed, headers, body } = response;
  return {
    keys: Object.keys(response).filter((key) => !key.startsWith("Symbol(")),
    ...describeValue({ status, statusText, ok, type, redirected, url, bodyUsed }, walk),
    body: body === null ? null : classesOf(body),
    headers: describeValue([...headers], walk),
  };
}

function fieldsOf(value, walk) {
  const fields = {};
  for (const key of Reflect.ownKeys(value)) {
    if (PER_RUN.has(key)) continue;
    const { enumerable, get, value: field } = Reflect.getOwnPropertyDescriptor(value, key);
    fields[`${String(key)}${enumerable ? "" : " (hidden)"}`] = get
      ? "<getter>"
      : describeValue(field, walk);
  }
  if (value instanceof Error) fields["<message>"] = withoutRunNames(value.message);
  return fields;
}

function keysOf(value) {
  return Reflect.ownKeys(value)
    .map(String)
    .filter(
      (key) =>
        !key.startsWith("Symbol(async_id") &&
        !key.startsWith("Symbol(trigger_async_id") &&
        !key.startsWith("Symbol(kResource"),
    );
}

function numberText(value) {
  return typeof value === "bigint" || !Number.isFinite(value) || Object.is(value, -0)
    ? `<${value}>`
    : value;
}

/** Without what differs between two runs of the same program. */
function withoutRunNames(text) {
  return text
    .replaceAll(/00-[0-9a-f]{32}-[0-9a-f]{16}-0\d/g, "TRACEPARENT")
    .replaceAll(/(127\.0\.0\.1|localhost):\d+/g, "HOST")
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "UUID")
    .replaceAll(
      /-*(formdata-undici-|form-data-boundary-|FormDataBoundary|NodeFetchFormDataBoundary)[A-Za-z0-9]+/gi,
      "BOUNDARY",
    );
}
