import {
  findDescriptor,
  hidden,
  invoke,
  type Method,
  methodOf,
  setOwn,
  tapSettled,
} from "../taps/index.ts";
import type { Answer } from "./answer.ts";
import type { Consumer } from "./consumer.ts";
import { tapBody } from "./body-tap.ts";
import { DroppedAnswers, type Hold } from "./dropped-answers.ts";

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

const TAPPED_NAMES: ReadonlySet<string> = new Set([...Object.keys(WHOLE_BODY), "body", "clone"]);

/** Where a tapped response keeps its reading. */
const READING = Symbol("reading");

/** What is put on a response. */
type Taps = Readonly<Record<string, PropertyDescriptor>>;

/** A response, or a clone of it: each has a reading of its own. */
interface Reading {
  readonly hold: Hold;
  readonly consumer: Consumer;
}

/** Shows what callers read of responses, and ends operations whose response was dropped unread. */
export class ResponseTap {
  readonly #dropped = new DroppedAnswers();
  /** By prototype: the same functions on every response of a class, so that all of them keep one shape. */
  readonly #taps = new WeakMap<object, Taps>();

  /** Shows what the caller reads of `response`, which stays the real one. */
  tap(response: Response, answer: Answer): void {
    if (response.body === null) return answer.opaque();
    const hold: Hold = { answer };
    this.#dropped.watch(hold);
    this.#tap(response, hold);
  }

  /** To be told of answers that are over. */
  readonly over = (answer: Answer): void => this.#dropped.forget(answer);

  #tap(response: Response, hold: Hold): void {
    const reading: Reading = { hold, consumer: hold.answer.consumer() };
    setOwn(response, READING, reading);
    Object.defineProperties(response, this.#tapsFor(response));
  }

  #tapsFor(response: Response): Taps {
    // what somebody put on this very response is to be called like what its class has
    if (Object.getOwnPropertyNames(response).some((name) => TAPPED_NAMES.has(name))) {
      return this.#makeTaps(response);
    }
    const prototype = Reflect.getPrototypeOf(response) ?? response;
    let taps = this.#taps.get(prototype);
    if (taps === undefined) {
      taps = this.#makeTaps(prototype);
      this.#taps.set(prototype, taps);
    }
    return taps;
  }

  /** `target` is a response, or the prototype of one. */
  #makeTaps(target: object): Taps {
    const taps: Record<string, PropertyDescriptor> = {};
    const getBody = findDescriptor(target, "body")?.get;
    for (const [name, show] of Object.entries(WHOLE_BODY)) {
      const original = methodOf(target, name);
      if (original) taps[name] = hidden(tappedWhole(original, show, getBody));
    }
    if (getBody) {
      const get = tappedBody(getBody);
      taps["body"] = { configurable: true, enumerable: false, get };
    }
    const clone = methodOf(target, "clone");
    if (clone) taps["clone"] = hidden(this.#tappedClone(clone));
    return taps;
  }

  #tappedClone(original: Method): Method {
    const tap = (copy: Response, hold: Hold) => this.#tap(copy, hold);
    return function clone(this: unknown, ...args: unknown[]) {
      const copy = invoke(original, this, args);
      const reading = readingOf(this);
      if (reading) tap(copy as Response, reading.hold);
      return copy;
    };
  }
}

/** `this` is the response, as it is for the original; detached from it, both refuse alike. */
function tappedWhole(
  original: Method,
  show: (consumer: Consumer, value: unknown) => void,
  getBody: (() => unknown) | undefined,
): Method {
  return function tapped(this: unknown, ...args: unknown[]) {
    const consumer = readingOf(this)?.consumer;
    if (consumer === undefined) return invoke(original, this, args);
    // a body that is being read already refuses, and goes on being read
    const refuses = consumer.begun && !isReadable(this as Response, getBody);
    consumer.begun = true;
    return tapSettled(invoke(original, this, args), {
      value: (value) => show(consumer, value),
      error(error) {
        if (!refuses) consumer.failed(error);
      },
    });
  };
}

/** The body is tapped when somebody asks for it: most answers are read whole. */
function tappedBody(original: () => unknown): () => unknown {
  return function body(this: unknown) {
    const stream = Reflect.apply(original, this, []);
    const reading = readingOf(this);
    if (reading && typeof stream === "object" && stream !== null) {
      reading.consumer.begun = true;
      tapBody(stream, reading.hold, reading.consumer);
    }
    return stream;
  };
}

function readingOf(response: unknown): Reading | undefined {
  if (typeof response !== "object" || response === null) return undefined;
  return Reflect.get(response, READING) as Reading | undefined;
}

function isReadable(response: Response, getBody: (() => unknown) | undefined): boolean {
  const body = getBody?.call(response);
  return !response.bodyUsed && !(body instanceof ReadableStream && body.locked);
}

/** The bytes are in memory already; those of an answer that is no text are not looked at. */
function showBlob(consumer: Consumer, value: unknown): void {
  if (!(value instanceof Blob) || !TEXTUAL.test(value.type)) return consumer.opaque();
  void value.text().then(
    (text) => consumer.text(text),
    () => consumer.opaque(),
  );
}
