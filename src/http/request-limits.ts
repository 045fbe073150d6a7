import { problem } from "./problem.ts";

/** Longer ones are refused; what Node.js takes in at all is 16 KiB for the URL and all headers. */
export const MAX_URL_LENGTH = 8_192;

/** No route reads a body; a few bytes that a client sends all the same are let pass. */
const MAX_BODY_BYTES = 1_024;

/** What no route has to see; `undefined` for a request that is within the limits. */
export function beyondLimits({ url, headers }: Request): Response | undefined {
  if (url.length > MAX_URL_LENGTH) {
    return problem("url-too-long", { detail: `A URL may have ${MAX_URL_LENGTH} characters.` });
  }
  const declared = headers.get("content-length");
  if (Number(declared ?? 0) > MAX_BODY_BYTES || headers.has("transfer-encoding")) {
    return problem("body-too-large", {
      detail: "No route takes a body.",
      headers: { connection: "close" },
    });
  }
  return isDecodable(new URL(url).pathname) ? undefined : problem("invalid-path");
}

function isDecodable(path: string): boolean {
  try {
    // a result that is not used is a call that a bundler leaves out
    return decodeURIComponent(path).length > 0;
  } catch {
    return false;
  }
}
