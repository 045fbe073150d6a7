import { asArray } from "../json-fields.ts";
import type { RawMessage } from "./content-format.ts";
import { textPart } from "./parts.ts";

/** A prompt, or a list of them, is what the user says; prompts in token numbers are left out. */
export function promptMessages(prompt: unknown): readonly RawMessage[] {
  const prompts = typeof prompt === "string" ? [prompt] : asArray(prompt);
  return prompts.flatMap((text) => {
    const parts = textPart(text);
    return parts.length === 0 ? [] : [{ role: "user", parts }];
  });
}
