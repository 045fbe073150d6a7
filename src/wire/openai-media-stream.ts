import type { Usage } from "../events/index.ts";
import { errorTypeIn, errorTypeOfEvent } from "./error-code.ts";
import { asObject, definedOnly, type JsonObject, parsePayload } from "./json-fields.ts";
import { readTranscriptUsage } from "./openai-usage.ts";
import { withoutBase64 } from "./without-base64.ts";
import type { LlmResponse, StreamReader } from "./wire-reader.ts";

const DONE = "[DONE]";

/** Of an image, in part or whole; of speech; of a transcript. */
const CONTENT = /\.(?:partial_image|delta|segment|completed)$/;

/** The last event of an image, of speech or of a transcript. */
const END = /^(?:image_(?:generation|edit)\.completed|(?:speech\.audio|transcript\.text)\.done)$/;

/** Events that say something new at any time. A quote inside a JSON string is escaped: content can't look like one. */
const NEWS =
  /"(?:image_(?:generation|edit)\.completed|(?:speech\.audio|transcript\.text)\.done|error)"/;

/** Events of streamed images, speech and transcripts: content in pieces, and usage in the event that ends it. */
export function openAiMediaStreamReader(): StreamReader {
  return new OpenAiMediaStream();
}

class OpenAiMediaStream implements StreamReader {
  #usage: Usage | undefined;
  #errorType: string | undefined;
  contentChunks = 0;
  #complete = false;
  #terminated = false;

  get contentStarted(): boolean {
    return this.contentChunks > 0;
  }

  get complete(): boolean {
    return this.#complete;
  }

  get terminated(): boolean {
    return this.#terminated;
  }

  push(payload: string): void {
    if (payload === DONE) {
      this.#complete = this.#terminated = true;
      return;
    }
    if (this.contentStarted && !NEWS.test(payload)) {
      this.contentChunks += 1;
      return;
    }
    const event = parsePayload(withoutBase64(payload));
    if (event !== undefined) this.#take(event);
  }

  response(): LlmResponse {
    return {
      finishReasons: [],
      toolCallsCount: 0,
      ...definedOnly({ usage: this.#usage, errorType: this.#errorType }),
    };
  }

  #take(event: JsonObject): void {
    const { type, usage } = event;
    if (typeof type === "string") {
      this.contentChunks += Number(CONTENT.test(type));
      // several images may follow one another, so that this needs not be the stream's end
      this.#complete ||= END.test(type);
    }
    if (asObject(usage)) this.#usage = readTranscriptUsage(usage);
    this.#errorType = errorTypeIn(event) ?? errorTypeOfEvent(event) ?? this.#errorType;
  }
}
