import { expect, it } from "vitest";
import type { Fetch } from "./observed-mark.ts";
import { isSameRequest } from "./same-request.ts";

type Arguments = Parameters<Fetch>;

const URL_TEXT = "https://api.openai.com/v1/chat/completions";
const OTHER_URL = "https://proxy.example/v1/chat/completions";
const init = {
  method: "POST",
  headers: new Headers({ "content-type": "application/json" }),
  signal: new AbortController().signal,
  body: '{"model":"gpt-4o"}',
};
const outer: Arguments = [URL_TEXT, init];
const request = new Request(URL_TEXT, init);
const { method, body } = init;

it.each<[string, Arguments, Arguments]>([
  ["the same init, sent elsewhere", outer, [OTHER_URL, init]],
  ["a copy with another body", outer, [OTHER_URL, { ...init, body: "{}" }]],
  ["other headers", outer, [OTHER_URL, { ...init, headers: {}, body: "{}" }]],
  ["no signal any more", outer, [OTHER_URL, { ...init, signal: null, body: "{}" }]],
  ["new objects with the same body", outer, [URL_TEXT, { method, body }]],
  ["the URL in another form", outer, ["https://api.openai.com:443/v1/chat/completions", { body }]],
  ["a URL object", outer, [new URL(URL_TEXT), { body }]],
  ["a Request made of it", outer, [request]],
  ["the Request itself", [request], [request]],
  ["a copy of a Request", [request], [request.clone()]],
  ["what a Request says", [request], [URL_TEXT, { method, headers: {}, body: "{}" }]],
  ["a Request sent elsewhere", [request], [OTHER_URL, { headers: request.headers, body: "{}" }]],
  ["the Request of another implementation", outer, [{ url: URL_TEXT } as Request]],
])("is the same: %s", (_what, before, after) => {
  expect(isSameRequest(before, after)).toBe(true);
});

it.each<[string, Arguments, Arguments]>([
  ["another body", outer, [URL_TEXT, { method, body: "{}" }]],
  ["another URL", outer, [OTHER_URL, { method, body }]],
  ["what has neither init", [URL_TEXT], [OTHER_URL]],
  ["a Request to another URL", outer, [new Request(OTHER_URL, init)]],
  ["another body for a Request", outer, [request, { body: "{}" }]],
  ["no URL", outer, ["", { body }]],
])("is another: %s", (_what, before, after) => {
  expect(isSameRequest(before, after)).toBe(false);
});
