import { ObservabilityError } from "../errors/index.ts";
import type { Answer, Ask, Questions, SentError } from "./protocol.ts";

/** Of all that can be asked, queries alone have values of the application's. */
const NOT_PLAIN = "Query: it must hold texts, numbers and lists of them alone.";

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** What was asked and not answered yet. */
export class PendingQuestions {
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  /** Hands the question to `send`; `forget` is called when nobody waits any more. */
  ask(
    name: keyof Questions,
    parameters: readonly unknown[],
    send: (ask: Ask) => void,
  ): { readonly answer: Promise<unknown>; readonly forget: () => void } {
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      try {
        send({ kind: "ask", id, name, parameters });
      } catch {
        reject(new ObservabilityError("QUERY_INVALID", NOT_PLAIN));
      }
    });
    return { answer, forget: () => void this.#waiting.delete(id) };
  }

  settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ("error" in answer) waiting?.reject(errorFrom(answer.error));
    else waiting?.resolve(answer.value);
  }

  /** Nobody will answer. */
  rejectAll(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

function errorFrom(sent: SentError): Error {
  if (sent.isOurs) return new ObservabilityError(sent.code, sent.message);
  const { code, message } = sent;
  return Object.assign(new Error(message), code !== undefined && { code });
}
