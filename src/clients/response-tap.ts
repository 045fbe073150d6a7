import type { Answer } from "./answer.ts";
import { tapBody, type Hold } from "./body-tap.ts";
import { findDescriptor, methodOf, setOwn } from "./own-property.ts";

/** How each way to read a whole body is shown to the answer. */
const WHOLE_BODY: Readonly<Record<string, (answer: Answer, value: unknown) => void>> = {
  json: (answer, value) => answer.json(value),
  text: (answer, value) => answer.text(String(value)),
  arrayBuffer: (answer, value) => answer.text(decode(value)),
  bytes: (answer, value) => answer.text(decode(value)),
  buffer: (answer, value) => answer.text(decode(value)),
  blob: (answer) => answer.opaque(),
  formData: (answer) => answer.opaque(),
};

/** Ends operations whose response was dropped unread. */
export class ResponseTap {
  readonly #dropped = new FinalizationRegistry<Answer>((answer) => answer.dropped());

  /** Shows what the caller reads of `response`, which stays the real one. */
  tap(response: Response, answer: Answer): void {
    if (response.body === null) return answer.opaque();
    const hold: Hold = { answer };
    this.#dropped.register(hold, answer);
    tapResponse(response, hold);
  }
}

function tapResponse(response: Response, hold: Hold): void {
  for (const [name, show] of Object.entries(WHOLE_BODY)) tapWhole(response, name, show, hold);
  tapBodyGetter(response, hold);
  const clone = methodOf(response, "clone");
  if (clone === undefined) return;
  setOwn(response, "clone", () => {
    const copy = Reflect.apply(clone, response, []) as Response;
    tapResponse(copy, hold);
    return copy;
  });
}

function tapWhole(
  response: Response,
  name: string,
  show: (answer: Answer, value: unknown) => void,
  hold: Hold,
): void {
  const original = methodOf(response, name);
  if (original === undefined) return;
  setOwn(response, name, (...args: unknown[]) =>
    (Reflect.apply(original, response, args) as Promise<unknown>).then(
      (value) => {
        show(hold.answer, value);
        return value;
      },
      (error: unknown) => {
        hold.answer.failed(error);
        throw error;
      },
    ),
  );
}

/** The body is tapped when somebody asks for it: most answers are read whole. */
function tapBodyGetter(response: Response, hold: Hold): void {
  const get = findDescriptor(response, "body")?.get;
  if (get === undefined) return;
  Object.defineProperty(response, "body", {
    configurable: true,
    enumerable: false,
    get() {
      const body: unknown = Reflect.apply(get, response, []);
      if (typeof body === "object" && body !== null) tapBody(body, hold);
      return body;
    },
  });
}

function decode(bytes: unknown): string {
  if (bytes instanceof ArrayBuffer) return Buffer.from(bytes).toString("utf8");
  return bytes instanceof Uint8Array ? Buffer.from(bytes).toString("utf8") : "";
}
