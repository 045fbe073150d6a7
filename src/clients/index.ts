export { watchBlindSpots } from "./blind-spots.ts";
export { replaceGlobalFetch } from "./global-fetch.ts";
export {
  createMonitoredLlm,
  type ChatMessage,
  type ChatParameters,
  type MonitoredLlm,
  type MonitoredLlmOptions,
  type Prompt,
} from "./monitored-llm.ts";
export { ClientObserver } from "./observe-client.ts";
export { FetchObserver } from "./observe-fetch.ts";
export { originalOf, type Fetch } from "./observed-mark.ts";
