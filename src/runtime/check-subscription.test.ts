import { describe, expect, it } from "vitest";
import { isObservabilityError } from "../errors/index.ts";
import { checkMiddleware, checkSubscription } from "./check-subscription.ts";

const handler = () => {};

function messageOf(check: () => void): string {
  try {
    check();
  } catch (error) {
    return isObservabilityError(error) && error.code === "SUBSCRIPTION_INVALID"
      ? error.message
      : String(error);
  }
  return "";
}

const FULL = {
  types: ["llm_request_completed"],
  categories: ["hitl", "session"],
  name: "mine",
  priority: -1.5,
  once: true,
  signal: new AbortController().signal,
  queue: { maxSize: 1, overflow: "drop-oldest" },
};

describe("subscribe()", () => {
  it.each([undefined, {}, FULL, { types: [], categories: [], queue: {} }, { name: undefined }])(
    "takes %j",
    (options) => {
      expect(messageOf(() => checkSubscription(handler, options))).toBe("");
    },
  );

  it.each<[unknown, string]>([
    [null, "subscribe(): options must be an object."],
    ["llm_request_started", "subscribe(): options must be an object."],
    [{ type: [] }, "subscribe(): `type` is no option; did you mean `types`?."],
    [{ types: "llm_request_started" }, "subscribe(): `types` must be a list of event types."],
    [{ types: [7] }, "subscribe(): `types` must be a list of event types."],
    [{ types: [undefined] }, "subscribe(): `types` must be a list of event types."],
    [
      { types: ["llm_request_complete"] },
      "subscribe(): `types` has `llm_request_complete`, which is no event type; did you mean `llm_request_completed`?.",
    ],
    [{ types: ["toString"] }, "subscribe(): `types` has `toString`, which is no event type."],
    [
      { categories: ["tools"] },
      "subscribe(): `categories` has `tools`, which is no category; did you mean `tool`?.",
    ],
    [
      { name: "" },
      "subscribe(): `name` must be a text of 1 to 100 characters without control characters.",
    ],
    [
      { name: "a\nb" },
      "subscribe(): `name` must be a text of 1 to 100 characters without control characters.",
    ],
    [
      { name: "x".repeat(101) },
      "subscribe(): `name` must be a text of 1 to 100 characters without control characters.",
    ],
    [{ priority: Number.NaN }, "subscribe(): `priority` must be a number."],
    [{ once: 1 }, "subscribe(): `once` must be true or false."],
    [{ signal: { aborted: false } }, "subscribe(): `signal` must be an AbortSignal."],
    [{ queue: true }, "subscribe(): `queue` must be an object."],
    [
      { queue: { maxSize: 0 } },
      "subscribe(): `queue` `maxSize` must be a whole number from 1 to 1000000.",
    ],
    [
      { queue: { maxSize: 1.5, overflow: "block" } },
      "subscribe(): `queue` `maxSize` must be a whole number from 1 to 1000000; `overflow` must be one of drop-newest, drop-oldest.",
    ],
    [
      { once: 1, priority: "5" },
      "subscribe(): `once` must be true or false; `priority` must be a number.",
    ],
  ])("refuses %j and says what to do", (options, message) => {
    expect(messageOf(() => checkSubscription(handler, options))).toBe(message);
  });

  it.each([undefined, null, {}, "handler"])("refuses %j for a handler", (value) => {
    const given = value === null ? "null" : typeof value;
    const message = `its first argument must be a function, got ${given}`;
    expect(messageOf(() => checkSubscription(value, {}))).toBe(`subscribe(): ${message}.`);
    expect(messageOf(() => checkMiddleware(value, { nam: 1 }))).toBe(
      `use(): ${message}; \`nam\` is no option; did you mean \`name\`?.`,
    );
  });
});
