// An application that knows nothing of observation: `node calls.js [exit | throw | wait | graceful]`.
import OpenAI from "openai";

const openai = new OpenAI({ maxRetries: Number(process.env["RETRIES"] ?? 0) });
const messages = [{ role: "user", content: "Say hello." }];

if (process.argv[2] === "graceful") {
  process.once("SIGTERM", () => {
    console.log(`stopping, ${process.listenerCount("SIGTERM")} listen`);
    clearInterval(work);
    process.exitCode = 7;
  });
}

const { choices } = await openai.chat.completions.create({ model: "gpt-4o-mini", messages });
console.log(choices[0].message.content, Object.getOwnPropertyDescriptor(globalThis, "fetch"));

const stream = await openai.chat.completions.create({ model: "gpt-4o", messages, stream: true });
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? "");

const work = setInterval(() => {}, 1_000);
console.log("\nready");
switch (process.argv[2]) {
  case "wait":
  case "graceful":
    break;
  case "throw":
    clearInterval(work);
    throw new Error("of the application");
  default:
    clearInterval(work);
}
