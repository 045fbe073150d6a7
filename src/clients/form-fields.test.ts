import { expect, test } from "vitest";
import { formFields } from "./form-fields.ts";

test("a form gives its texts, the first of each name, and no file", () => {
  const form = new FormData();
  form.append("model", "gpt-image-1");
  form.append("image[]", new Blob(["png"]), "a.png");
  form.append("tag", "one");
  form.append("tag", "two");
  expect(formFields(form)).toEqual({ model: "gpt-image-1", tag: "one" });
});

test.each([["text"], [undefined], [null], [new Uint8Array(1)], [new URLSearchParams("model=a")]])(
  "%s is no form",
  (body) => {
    expect(formFields(body)).toBeUndefined();
  },
);
