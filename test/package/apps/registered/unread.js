// An application that asks, and does not read the answers: a failed one, and a good one.
import OpenAI from "openai";

const openai = new OpenAI({ maxRetries: 0 });
const body = { model: "gpt-4o-mini", messages: [{ role: "user", content: "Say hello." }] };
for (const path of ["/chat/completions", "/chat/completions"]) {
  const response = await fetch(`${openai.baseURL}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  globalThis.held = [...(globalThis.held ?? []), response];
}
