import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { providerFetch } from "./provider.js";

/** `require` as in an application whose packages are installed in `folder`; without one, in this repository. */
export const requireFrom = (folder) =>
  createRequire(folder === undefined ? import.meta.url : join(resolve(folder), "application.js"));

/** A client of the simulated provider, of the `openai` that `folder` has. */
export function createClient(folder) {
  const { OpenAI } = requireFrom(folder)("openai");
  return new OpenAI({ apiKey: "sk-bench", fetch: providerFetch });
}

/** The application's own code: a call, and its answer read to the end. */
export async function call(client, request) {
  const answer = await client.chat.completions.create(request);
  if (request.stream) for await (const _chunk of answer);
}
