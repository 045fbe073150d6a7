// An application that observes a client of its own, and uses another one that it doesn't.
import { createObservability } from "@rlm-toolkit/observability";
import OpenAI from "openai";

const obs = createObservability({ server: { enabled: false } });
const events = [];
obs.subscribe(({ data }) => events.push(data.model), { types: ["llm_request_completed"] });
const messages = [{ role: "user", content: "Say hello." }];
await obs
  .observe(new OpenAI({ maxRetries: 0 }))
  .chat.completions.create({ model: "gpt-4o", messages });
await new OpenAI({ maxRetries: 0 }).chat.completions.create({ model: "gpt-4o-mini", messages });
await obs.shutdown();
console.log(JSON.stringify(events));
