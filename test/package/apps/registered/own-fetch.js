// An application that puts its own `fetch` in the place of the global one, and takes it back, as test tools do.
import OpenAI from "openai";

const openai = () => new OpenAI({ maxRetries: 0 });
const request = { model: "gpt-4o-mini", messages: [{ role: "user", content: "Hi" }] };
const before = globalThis.fetch;
const mocked = async () =>
  Response.json({ choices: [{ index: 0, message: { role: "assistant", content: "mocked" } }] });

globalThis.fetch = mocked;
const { choices } = await openai().chat.completions.create(request);
console.log(choices[0].message.content, globalThis.fetch === mocked);
globalThis.fetch = before;
await openai().chat.completions.create(request);
