import { afterEach, expect, it } from "vitest";
import { observedClients } from "../../test/support/observed-clients.ts";
import { replaceGlobalFetch } from "./global-fetch.ts";
import { originalOf } from "./observed-mark.ts";

const native = Object.getOwnPropertyDescriptor(globalThis, "fetch") ?? {};
afterEach(() => void Object.defineProperty(globalThis, "fetch", native));

it("leaves a global that can't be told from the one before", () => {
  const before = native.value as typeof fetch;
  replaceGlobalFetch(observedClients().fetches.observe(before));
  const { value, ...flags } = Object.getOwnPropertyDescriptor(globalThis, "fetch") ?? {};
  const { value: _value, ...nativeFlags } = native;
  expect(value).not.toBe(before);
  expect(originalOf(value as typeof fetch)).toBe(before);
  expect(flags).toEqual(nativeFlags);
  expect(Object.getOwnPropertyNames(value).toSorted()).toEqual(
    Object.getOwnPropertyNames(before).toSorted(),
  );
  for (const key of ["name", "length"]) {
    expect(Object.getOwnPropertyDescriptor(value, key)).toEqual(
      Object.getOwnPropertyDescriptor(before, key),
    );
  }
});

it("can be replaced and put back by others, as test doubles do", () => {
  replaceGlobalFetch(observedClients().fetches.observe(globalThis.fetch));
  const ours = globalThis.fetch;
  const theirs = async () => new Response("mocked");
  globalThis.fetch = theirs;
  expect(globalThis.fetch).toBe(theirs);
  globalThis.fetch = ours;
  expect(globalThis.fetch).toBe(ours);
});
