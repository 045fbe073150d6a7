import { asObject } from "../wire/index.ts";
import { formFields } from "./form-fields.ts";
import type { Fetch } from "./observed-mark.ts";

/** The body of a `Request`, from a copy of it. */
export async function readBody(request: Request): Promise<string | undefined> {
  try {
    return await request.clone().text();
  } catch {
    // what is wrong with it, `fetch` will say
    return undefined;
  }
}

/** What is neither JSON text nor a form, e.g. a stream, is left alone. */
export function parseBody(body: unknown): unknown {
  if (body instanceof Uint8Array) return parseBody(Buffer.from(body).toString("utf8"));
  if (typeof body !== "string") return formFields(body);
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

export function signalOf(input: Parameters<Fetch>[0]): AbortSignal | undefined {
  return input instanceof Request ? input.signal : undefined;
}

/** A `Request` as the `init` that it stands for; `body` was read before. */
export function messageOf(request: Request, init: Parameters<Fetch>[1], body: unknown) {
  return { headers: init?.headers ?? request.headers, body };
}

/** Empty for what is none: `fetch` will say so. */
export function urlOf(input: unknown): string {
  if (typeof input === "string") return input;
  if (input instanceof URL) return input.href;
  const url = asObject(input)?.["url"];
  return typeof url === "string" ? url : "";
}

export function methodOf(input: Parameters<Fetch>[0], init: Parameters<Fetch>[1]): string {
  const method = init?.method ?? (input instanceof Request ? input.method : "GET");
  return method.toUpperCase();
}
