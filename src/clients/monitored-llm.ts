import { ObservabilityError } from "../errors/index.ts";
import { asArray, asObject, asText, parseObject } from "../wire/index.ts";
import type { Fetch } from "./observed-mark.ts";
import { providerDefaults } from "./provider-defaults.ts";
import { readServerSentEvents } from "./server-sent-events.ts";

export interface ChatMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** Further fields of the chat-completions request, e.g. `{ temperature: 0 }`. */
export type ChatParameters = Readonly<Record<string, unknown>>;

export type Prompt = string | readonly ChatMessage[];

export interface MonitoredLlmOptions {
  /** Default: the provider's public address, e.g. `https://api.openai.com/v1`. */
  readonly baseUrl?: string;
  /** Default: the provider's usual variable, e.g. `OPENAI_API_KEY`. */
  readonly apiKey?: string;
  /** For one call, its stream included. Milliseconds, default 60,000. */
  readonly timeoutMs?: number;
}

/** A minimal client of an OpenAI-compatible provider. It does not retry. */
export interface MonitoredLlm {
  readonly provider: string;
  readonly model: string;
  /** Answers a prompt or a list of messages. Rejects with `PROVIDER_ERROR` on an error of the provider. */
  generate(prompt: Prompt, parameters?: ChatParameters): Promise<string>;
  /** The same, piece by piece. Leaving the loop early stops the request. */
  stream(prompt: Prompt, parameters?: ChatParameters): AsyncIterable<string>;
}

export interface MonitoredLlmTarget extends MonitoredLlmOptions {
  readonly provider: string;
  readonly model: string;
  /** An observed one. */
  readonly fetch: Fetch;
}

const DEFAULT_TIMEOUT_MS = 60_000;

type JsonObject = Readonly<Record<string, unknown>>;

/** @throws PROVIDER_UNKNOWN without a base URL for a provider that has no default one. */
export function createMonitoredLlm(target: MonitoredLlmTarget): MonitoredLlm {
  const { provider, model } = target;
  const defaults = providerDefaults(provider);
  const baseUrl = target.baseUrl ?? defaults?.baseUrl;
  if (baseUrl === undefined) {
    throw new ObservabilityError(
      "PROVIDER_UNKNOWN",
      `createMonitoredLlm("${provider}", …) knows no base URL for this provider; pass { baseUrl }.`,
    );
  }
  const url = `${baseUrl.replace(/\/+$/, "")}/chat/completions`;
  const apiKey = target.apiKey ?? (defaults && process.env[defaults.apiKeyVariable]);

  async function send(prompt: Prompt, parameters: ChatParameters, stream: boolean) {
    const response = await target.fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
      },
      body: JSON.stringify({
        ...parameters,
        model,
        messages: toMessages(prompt),
        stream,
        ...(stream && { stream_options: { include_usage: true } }),
      }),
      signal: AbortSignal.timeout(target.timeoutMs ?? DEFAULT_TIMEOUT_MS),
    });
    if (response.ok) return response;
    // read, so that the provider's error code is observed; its message may quote the prompt and stays out
    await response.text();
    throw providerError(`answered ${response.status} for`);
  }

  function providerError(what: string): ObservabilityError {
    return new ObservabilityError("PROVIDER_ERROR", `${provider} ${what} model ${model}.`);
  }

  /** The parser's own message would quote the answer. */
  function parse(json: string): JsonObject {
    const answer = parseObject(json);
    if (answer === undefined) throw providerError("answered with no JSON for");
    if (answer["error"]) throw providerError("answered with an error for");
    return answer;
  }

  return {
    provider,
    model,
    async generate(prompt, parameters = {}) {
      const response = await send(prompt, parameters, false);
      return contentOf(parse(await response.text()), "message");
    },
    async *stream(prompt, parameters = {}) {
      const response = await send(prompt, parameters, true);
      for await (const payload of readServerSentEvents(response)) {
        if (payload === "[DONE]") return;
        const text = contentOf(parse(payload), "delta");
        if (text !== "") yield text;
      }
    },
  };
}

function toMessages(prompt: Prompt): readonly ChatMessage[] {
  return typeof prompt === "string" ? [{ role: "user", content: prompt }] : prompt;
}

function contentOf(body: JsonObject, field: "message" | "delta"): string {
  const [choice] = asArray(body["choices"]);
  return asText(asObject(asObject(choice)?.[field])?.["content"]) ?? "";
}
