import type { Diagnostics } from "../../diagnostics/index.ts";
import { OVERLAP, redactValue, type Redactor } from "../../redaction/index.ts";
import type { WireReader } from "../../wire/index.ts";
import { type CapturedContent, ContentRecorder } from "./content-recorder.ts";
import { deepFreeze } from "./deep-freeze.ts";
import { parseJson } from "./json-text.ts";
import { createFullWriter } from "./full-writer.ts";
import { metadataWriter } from "./metadata-writer.ts";
import { type ContentLimits, type RawContent, writeContent } from "./write-content.ts";

export interface ContentPolicyOptions extends ContentLimits {
  readonly capture: "metadata" | "full";
  readonly target: "spans" | "events" | "all";
  readonly toolSchemas: boolean;
  readonly redactor: Redactor;
  readonly diagnostics: Diagnostics;
}

const DESTINATION = "content";
const FAILED =
  "content could not be redacted, so that of whole calls is dropped; see redaction.custom. Counted as " +
  'rlm_telemetry_dropped_total{destination="content"}.';

/**
 * What may be seen of what applications and models say. There is one only where content is captured; whatever fails in
 * it, nothing is shown, and that is counted.
 */
export class ContentPolicy {
  readonly #options: ContentPolicyOptions;

  constructor(options: ContentPolicyOptions) {
    this.#options = options;
  }

  /** Content goes to attributes of spans. */
  get toSpans(): boolean {
    return this.#options.target !== "events";
  }

  /** Content goes to events. */
  get toEvents(): boolean {
    return this.#options.target !== "spans";
  }

  /** What was said is captured, and not just its shape. */
  get showsText(): boolean {
    return this.#options.capture === "full";
  }

  /** Listens in on one call; `undefined` for a wire format that has no content to show. */
  record({ content: format }: WireReader, body: unknown): ContentRecorder | undefined {
    if (format === undefined) return undefined;
    const request = this.#guarded(() => format.readRequest(body));
    if (request === undefined) return undefined;
    const { capture, maxPartCharacters, maxListCharacters } = this.#options;
    const isFull = capture === "full";
    return new ContentRecorder({
      format,
      request,
      hold: {
        perPart: isFull ? maxPartCharacters + OVERLAP : 0,
        inAll: isFull ? maxListCharacters + OVERLAP : 0,
      },
      capture: (content) => this.#capture(content),
      guard: (step) => this.#guarded(() => (step(), true)) === true,
    });
  }

  /**
   * What may be seen of a text of the application's own, such as a query. `undefined`: nothing, as content is captured
   * without text, or redaction failed.
   */
  redactText(text: string): string | undefined {
    const { capture, redactor, maxPartCharacters } = this.#options;
    if (capture !== "full") return undefined;
    return this.#guarded(() => redactor.text(text, maxPartCharacters).text);
  }

  /**
   * What may be seen of a value, such as arguments of a tool, as JSON can hold it; of a text that is JSON what it holds.
   * `undefined`: nothing.
   */
  redactValue(value: unknown): unknown {
    const { capture, redactor, maxPartCharacters } = this.#options;
    if (capture !== "full") return undefined;
    return this.#guarded(() => {
      const held = typeof value === "string" ? (parseJson(value) ?? value) : value;
      return deepFreeze(redactValue(held, redactor, maxPartCharacters).value);
    });
  }

  #capture(raw: RawContent): CapturedContent | undefined {
    const { capture, redactor, toolSchemas } = this.#options;
    return this.#guarded(() => {
      const writer =
        capture === "full" ? createFullWriter({ redactor, toolSchemas }) : metadataWriter;
      const content = deepFreeze(writeContent(raw, writer, this.#options));
      return {
        ...(this.toSpans && { forSpan: content }),
        ...(this.toEvents && { forEvent: content }),
      };
    });
  }

  #guarded<T>(step: () => T): T | undefined {
    try {
      return step();
    } catch {
      // the error may have the content in it
      const { diagnostics } = this.#options;
      diagnostics.dropped(DESTINATION, "redaction_failed", 1);
      diagnostics.warnOnce(DESTINATION, "failed", FAILED);
      return undefined;
    }
  }
}
