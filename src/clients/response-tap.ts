import type { Answer, Consumer } from "./answer.ts";
import { tapBody, type Hold } from "./body-tap.ts";
import { findDescriptor, invoke, methodOf, setOwn } from "./own-property.ts";
import { tapSettled } from "./tap-settled.ts";

/** How each way to read a whole body is shown. */
const WHOLE_BODY: Readonly<Record<string, (consumer: Consumer, value: unknown) => void>> = {
  json: (consumer, value) => consumer.json(value),
  text: (consumer, value) => consumer.text(String(value)),
  arrayBuffer: (consumer, value) => consumer.whole(value),
  bytes: (consumer, value) => consumer.whole(value),
  buffer: (consumer, value) => consumer.whole(value),
  blob: showBlob,
  formData: (consumer) => consumer.opaque(),
};

/** Content types of what wire readers read. */
const TEXTUAL = /json|event-stream/;

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

/** A response, or a clone of it: each has a reading of its own. */
interface Tapped {
  readonly response: Response;
  readonly hold: Hold;
  readonly consumer: Consumer;
  /** The body, untapped. */
  readonly getBody: (() => unknown) | undefined;
}

function tapResponse(response: Response, hold: Hold): void {
  const consumer = hold.answer.consumer();
  const getBody = findDescriptor(response, "body")?.get?.bind(response);
  const tapped: Tapped = { response, hold, consumer, getBody };
  for (const [name, show] of Object.entries(WHOLE_BODY)) tapWhole(tapped, name, show);
  tapBodyGetter(tapped);
  const clone = methodOf(response, "clone");
  if (clone === undefined) return;
  setOwn(response, "clone", () => {
    const copy = invoke(clone, response, []) as Response;
    tapResponse(copy, hold);
    return copy;
  });
}

function tapWhole(
  tapped: Tapped,
  name: string,
  show: (consumer: Consumer, value: unknown) => void,
): void {
  const { response } = tapped;
  const original = methodOf(response, name);
  if (original === undefined) return;
  setOwn(response, name, (...args: unknown[]) => {
    const readable = isReadable(tapped);
    return tapSettled(invoke(original, response, args), {
      value: (value) => show(tapped.consumer, value),
      error(error) {
        // a body that was being read already refuses, and goes on being read
        if (readable) tapped.consumer.failed(error);
      },
    });
  });
}

function isReadable({ response, getBody }: Tapped): boolean {
  const body = getBody?.();
  return !response.bodyUsed && !(body instanceof ReadableStream && body.locked);
}

/** The body is tapped when somebody asks for it: most answers are read whole. */
function tapBodyGetter({ response, hold, consumer, getBody }: Tapped): void {
  if (getBody === undefined) return;
  Object.defineProperty(response, "body", {
    configurable: true,
    enumerable: false,
    get() {
      const body = getBody();
      if (typeof body === "object" && body !== null) tapBody(body, hold, consumer);
      return body;
    },
  });
}

/** The bytes are in memory already; those of an answer that is no text are not looked at. */
function showBlob(consumer: Consumer, value: unknown): void {
  if (!(value instanceof Blob) || !TEXTUAL.test(value.type)) return consumer.opaque();
  void value.text().then(
    (text) => consumer.text(text),
    () => consumer.opaque(),
  );
}
