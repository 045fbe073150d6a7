import OpenAI from "openai";
import { expect, test } from "vitest";
import { loadOpenAi } from "./load-openai.ts";

test("loads the installed package", async () => {
  expect(await loadOpenAi()).toBe(OpenAI);
});

test("names the command when it isn't installed", async () => {
  const missing = Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" });
  const loading = loadOpenAi(() => Promise.reject(missing));
  await expect(loading).rejects.toMatchObject({ code: "PEER_MISSING", cause: missing });
  await expect(loading).rejects.toThrow("npm install openai");
});

test("an error of the package itself is passed on", async () => {
  const broken = new SyntaxError("broken");
  await expect(loadOpenAi(() => Promise.reject(broken))).rejects.toBe(broken);
});
