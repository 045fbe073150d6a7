// The same as CommonJS, to its natural end.
const { OpenAI } = require("openai");

async function main() {
  const openai = new OpenAI({ maxRetries: 0 });
  const messages = [{ role: "user", content: "Say hello." }];
  const { choices } = await openai.chat.completions.create({ model: "gpt-4o-mini", messages });
  console.log(choices[0].message.content, Object.getOwnPropertyDescriptor(globalThis, "fetch"));
  const stream = await openai.chat.completions.create({ model: "gpt-4o", messages, stream: true });
  for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? "");
  console.log("\nready");
}

void main();
