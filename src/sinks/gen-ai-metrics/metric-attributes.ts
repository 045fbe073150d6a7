import type { Attributes } from "@opentelemetry/api";
import type { LlmTerminalData } from "../../events/index.ts";
import type { LabelLimiter } from "../../redaction/index.ts";
import { attribute } from "../../semconv/index.ts";

/** The attributes whose values the application, or the provider, chooses freely. */
export const FREE_ATTRIBUTES = [
  attribute.providerName,
  attribute.requestModel,
  attribute.responseModel,
  attribute.serverAddress,
  attribute.errorType,
] as const;

/** Sets that are remembered; an application has a handful of models. */
const MAX_REMEMBERED = 1_000;

/** Attributes of a measurement, and the same ones with one more: always the same objects, which makes them cheap to find. */
export class AttributeSet {
  readonly attributes: Attributes;
  readonly #extended = new Map<string, Attributes>();

  constructor(attributes: Attributes) {
    this.attributes = attributes;
  }

  with(name: string, value: string): Attributes {
    const key = `${name}=${value}`;
    let extended = this.#extended.get(key);
    if (extended === undefined) {
      extended = { ...this.attributes, [name]: value };
      this.#extended.set(key, extended);
    }
    return extended;
  }
}

/** Bounded attributes of a call: those of every standard client metric, and the type of its error. */
export interface MetricAttributes {
  readonly set: AttributeSet;
  readonly errorType: string;
}

/** Finds the attributes that every standard client metric carries (GenAI conventions v1.41, metrics page). */
export class AttributeSets {
  readonly #limiter: LabelLimiter;
  readonly #sets = new Map<string, AttributeSet>();

  constructor(limiter: LabelLimiter) {
    this.#limiter = limiter;
  }

  of(data: LlmTerminalData, error: string | undefined): MetricAttributes {
    const [provider = "", model = "", responseModel = "", address = "", errorType = ""] =
      this.#limiter.admit([
        data.provider,
        data.model,
        data.responseModel ?? "",
        data.serverAddress,
        error ?? "",
      ]);
    const { operation, serverPort } = data;
    const key = [operation, provider, model, responseModel, address, serverPort].join("\u0000");
    let set = this.#sets.get(key);
    if (set === undefined) {
      const attributes: Attributes = {
        [attribute.operationName]: operation,
        [attribute.providerName]: provider,
        [attribute.requestModel]: model,
        [attribute.serverAddress]: address,
        [attribute.serverPort]: serverPort,
      };
      if (responseModel !== "") attributes[attribute.responseModel] = responseModel;
      set = new AttributeSet(attributes);
      if (this.#sets.size < MAX_REMEMBERED) this.#sets.set(key, set);
    }
    return { set, errorType };
  }
}
