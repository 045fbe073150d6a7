import type { CallContent, Outcome } from "../../events/index.ts";
import type {
  ContentFormat,
  ContentStream,
  HoldLimits,
  RawMessage,
  RawRequest,
  StreamReader,
  WireReader,
} from "../../wire/index.ts";
import type { RawContent } from "./write-content.ts";

/** Content as it may leave, and where to. */
export interface CapturedContent {
  readonly forSpan?: CallContent;
  readonly forEvent?: CallContent;
}

export interface RecorderPorts {
  readonly format: ContentFormat;
  readonly request: RawRequest;
  /** How much of a streamed answer is held until its end. */
  readonly hold: HoldLimits;
  /** `undefined` if it failed: then nothing is captured. */
  readonly capture: (content: RawContent) => CapturedContent | undefined;
  /** Runs a step of reading; what it throws fails the capture and nobody else. */
  readonly guard: (step: () => void) => boolean;
}

/** Holds what is said in one operation until its end, unseen. */
export class ContentRecorder {
  readonly #ports: RecorderPorts;
  #answer: () => readonly RawMessage[] = () => [];
  #failed = false;

  constructor(ports: RecorderPorts) {
    this.#ports = ports;
  }

  /** The reader of an answer, which shows this what it reads. A later answer takes the place of an earlier one. */
  reading(reader: WireReader): WireReader {
    const { format, hold } = this.#ports;
    this.#answer = () => [];
    return {
      ...reader,
      // the text has to be parsed here in any case
      readResponseText: () => undefined,
      readResponse: (body) => {
        this.#guard(() => {
          const messages = format.readResponse(body);
          this.#answer = () => messages;
        });
        return reader.readResponse(body);
      },
      streamReader: () => {
        const stream = format.stream(hold);
        this.#answer = () => stream.messages();
        return this.#showing(reader.streamReader(), stream);
      },
    };
  }

  /** What was said, once it is over. */
  finish(outcome: Outcome): CapturedContent | undefined {
    let answer: readonly RawMessage[] = [];
    this.#guard(() => {
      answer = this.#answer();
    });
    if (this.#failed) return undefined;
    return this.#ports.capture({ request: this.#ports.request, answer, outcome });
  }

  #showing(reader: StreamReader, stream: ContentStream): StreamReader {
    const push = (payload: string): void => {
      reader.push(payload);
      this.#guard(() => stream.push(payload));
    };
    return {
      push,
      get contentStarted() {
        return reader.contentStarted;
      },
      get contentChunks() {
        return reader.contentChunks;
      },
      get complete() {
        return reader.complete;
      },
      get terminated() {
        return reader.terminated;
      },
      response: () => reader.response(),
    };
  }

  #guard(step: () => void): void {
    if (!this.#failed) this.#failed = !this.#ports.guard(step);
  }
}
