import type { RequestParameters } from "../events/index.ts";
import {
  asCount,
  asNumber,
  asObject,
  asText,
  definedOnly,
  type JsonObject,
} from "./json-fields.ts";

const AZURE_DEPLOYMENT = /\/deployments\/([^/]+)\//;

/** True if a body names a model and has the field `input`: other services have `/responses` or `/completions`, too. */
export function asksModel(body: unknown, input: string): boolean {
  const fields = asObject(body) ?? {};
  return asText(fields["model"]) !== undefined && fields[input] !== undefined;
}

/** The model of the body, or else Azure's deployment in the path. */
export function requestedModel(fields: JsonObject, pathname: string): string | undefined {
  return asText(fields["model"]) ?? azureDeployment(pathname);
}

/** A form has it as text. */
export function asksStream({ stream }: JsonObject): boolean {
  return stream === true || stream === "true";
}

function azureDeployment(pathname: string): string | undefined {
  const name = AZURE_DEPLOYMENT.exec(pathname)?.[1];
  return name === undefined ? undefined : decodeSafely(name);
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Parameters of chat completions and of legacy completions. */
export function samplingParameters(fields: JsonObject): RequestParameters {
  return definedOnly({
    temperature: asNumber(fields["temperature"]),
    topP: asNumber(fields["top_p"]),
    // not of OpenAI itself, whose `top_logprobs` is something else
    topK: asNumber(fields["top_k"]),
    maxTokens: asCount(fields["max_completion_tokens"]) ?? asCount(fields["max_tokens"]),
    frequencyPenalty: asNumber(fields["frequency_penalty"]),
    presencePenalty: asNumber(fields["presence_penalty"]),
    seed: asNumber(fields["seed"]),
    choiceCount: asCount(fields["n"]),
    stopSequences: stopSequences(fields["stop"]),
    outputType: outputType(fields["response_format"]),
    reasoningLevel: asText(fields["reasoning_effort"]),
    serviceTier: asText(fields["service_tier"]),
  });
}

/** How many texts `input` is: one, a list, or either as token numbers. */
export function textsCount(input: unknown): number {
  if (typeof input === "string") return 1;
  if (!Array.isArray(input)) return 0;
  return typeof input[0] === "number" ? 1 : input.length;
}

function stopSequences(stop: unknown): readonly string[] | undefined {
  if (typeof stop === "string") return [stop];
  if (!Array.isArray(stop)) return undefined;
  return stop.filter((item) => typeof item === "string");
}

/** GenAI conventions `gen_ai.output.type` of a response format `{type}`. */
export function outputType(format: unknown): "text" | "json" | undefined {
  switch (asObject(format)?.["type"]) {
    case "text":
      return "text";
    case "json_object":
    case "json_schema":
      return "json";
    default:
      return undefined;
  }
}
