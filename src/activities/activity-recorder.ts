import type { ContentPolicy } from "../calls/index.ts";
import type { ActivityContent } from "../events/index.ts";
import type { RetrievalSpec, ToolSpec } from "./specs.ts";

/** What an application says that an activity was given. */
export interface Given {
  readonly arguments?: unknown;
  readonly query?: string | undefined;
}

export function givenToTool(tool: string | ToolSpec): Given {
  return typeof tool === "string" ? {} : { arguments: tool.arguments };
}

export function givenToRetrieval(source: string | RetrievalSpec): Given {
  return typeof source === "string" ? {} : { query: source.query };
}

/** What may be seen, and where. */
interface Recorded {
  readonly forSpan?: ActivityContent | undefined;
  readonly forEvent?: ActivityContent | undefined;
}

/** Holds what a tool or a search was given and gave back, redacted, until its end. */
export class ActivityRecorder {
  readonly #policy: ContentPolicy;
  readonly #content: { arguments?: unknown; result?: unknown; query?: string } = {};
  #failed = false;

  constructor(policy: ContentPolicy) {
    this.#policy = policy;
  }

  /** At once: a tool may change what it was given. */
  given({ arguments: given, query }: Given): void {
    this.#set("arguments", given);
    if (typeof query !== "string") return;
    const shown = this.#policy.redactText(query);
    if (shown === undefined) this.#failed = true;
    else this.#content.query = shown;
  }

  /** What came of it, if that is known at once. */
  returned(value: unknown): void {
    this.#set("result", value);
  }

  /** Nothing at all if anything of it could not be redacted. */
  finish(): Recorded {
    if (this.#failed || Object.keys(this.#content).length === 0) return {};
    const content = Object.freeze({ ...this.#content });
    const { toSpans, toEvents } = this.#policy;
    return { ...(toSpans && { forSpan: content }), ...(toEvents && { forEvent: content }) };
  }

  #set(name: "arguments" | "result", value: unknown): void {
    if (value === undefined || typeof value === "function" || typeof value === "symbol") return;
    const shown = this.#policy.redactValue(value);
    if (shown === undefined) this.#failed = true;
    else this.#content[name] = shown;
  }
}
