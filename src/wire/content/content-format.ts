/**
 * Content as it came over the wire: neither redacted nor bounded, and so never to be seen outside. Encoded data is not
 * in it, just its size.
 */
export interface RawRequest {
  /** In the order sent. */
  readonly messages: readonly RawMessage[];
  /** Instructions sent apart from the messages. */
  readonly systemInstructions: readonly RawPart[];
  readonly tools: readonly RawTool[];
}

export interface RawMessage {
  readonly role: string;
  readonly name?: string;
  readonly parts: readonly RawPart[];
  /** The provider's own word; of an answer only. */
  readonly finishReason?: string;
}

/** A text, or as much of it as was kept, and its length in all. Characters. */
export type RawText = string | { readonly text: string; readonly length: number };

/** What is, or may be, JSON: as text, or parsed. */
export type RawJson = { readonly text: RawText } | { readonly value: unknown };

export type Modality = "image" | "audio" | "video" | "document";

export type RawPart =
  | { readonly kind: "text" | "reasoning"; readonly text: RawText }
  | {
      readonly kind: "tool_call";
      readonly id?: string;
      readonly name?: string;
      readonly arguments?: RawJson;
    }
  | {
      readonly kind: "tool_call_response";
      readonly id?: string;
      readonly response: RawJson | { readonly parts: readonly RawPart[] };
    }
  | {
      readonly kind: "blob";
      readonly modality: Modality;
      readonly mimeType?: string;
      /** Of what was encoded. */
      readonly sizeBytes: number;
    }
  | {
      readonly kind: "uri";
      readonly modality: Modality;
      readonly mimeType?: string;
      readonly uri: string;
    }
  | { readonly kind: "file"; readonly modality: Modality; readonly fileId: string }
  /** Something that there is no part for; only its type is told. */
  | { readonly kind: "generic"; readonly name: string };

export interface RawTool {
  readonly type: string;
  readonly name?: string;
  readonly description?: string;
  readonly parameters?: unknown;
}

/** How much of a streamed answer is held. Characters. */
export interface HoldLimits {
  readonly perPart: number;
  readonly inAll: number;
}

/** Puts a streamed answer together, as far as the limits allow. */
export interface ContentStream {
  /** Takes the payload of one event, its bytes as Latin-1 characters. Never throws. */
  push(payload: string): void;
  /** What is known by now, one message for each choice. */
  messages(): readonly RawMessage[];
}

/** Where the content is in requests and answers of one wire format. Pure; what is odd is left out. */
export interface ContentFormat {
  /** `body` is the parsed JSON body. */
  readRequest(body: unknown): RawRequest;
  /** `body` is the parsed JSON body. */
  readResponse(body: unknown): readonly RawMessage[];
  stream(limits: HoldLimits): ContentStream;
}
