import { scenarios as anthropic } from "./anthropic.js";
import { scenarios as ollama } from "./ollama.js";
import { scenarios as openAiBinary } from "./openai-binary.js";
import { scenarios as openAiChat } from "./openai-chat.js";
import { scenarios as openAiErrors } from "./openai-errors.js";
import { scenarios as openAiHelpers } from "./openai-helpers.js";
import { scenarios as openAiOtherApis } from "./openai-other-apis.js";
import { scenarios as openAiOverlap } from "./openai-overlap.js";
import { scenarios as openAiResponses } from "./openai-responses.js";
import { scenarios as openAiStream } from "./openai-stream.js";
import { scenarios as openAiStreamLeft } from "./openai-stream-left.js";
import { scenarios as openAiStreamWays } from "./openai-stream-ways.js";
import { scenarios as plainFetch } from "./plain-fetch.js";

/** @type {Record<string, readonly import("./scenario.js").Scenario[]>} */
const byFamily = {
  openai: [
    // first, as one of them has to wait for the idle limit
    ...openAiStreamLeft,
    ...openAiChat,
    ...openAiStream,
    ...openAiStreamWays,
    ...openAiErrors,
    ...openAiHelpers,
    ...openAiResponses,
    ...openAiOtherApis,
    ...openAiBinary,
    ...openAiOverlap,
  ],
  anthropic,
  ollama,
  fetch: plainFetch,
};

/** Those of an SDK family, in the order of the table. */
export function scenariosOf(family) {
  return byFamily[family] ?? [];
}

/** Of every family, and the checks of a whole process. */
export function allScenarios() {
  return [...Object.values(byFamily).flat(), ...processChecks];
}

const processChecks = [
  { id: "exit", title: "the process ends by itself, with the same code and output" },
  { id: "diagnostics", title: "this package says nothing on standard error that it should not" },
  {
    id: "C39-native",
    title: "spans that the SDK makes itself: as many as without us, and none of ours",
  },
  {
    id: "ledger",
    title: "the metrics page and the log are the sums of the calls; nothing was lost",
  },
  { id: "C40-content", title: "no prompt, answer, key, user or error text in any signal" },
];
