import { expect, test } from "vitest";
import { Conversations } from "./conversations.ts";

test("a conversation goes on, apart from the others, within bounds", () => {
  const conversations = new Conversations(10, () => {});
  conversations.next("a", "first");
  conversations.answered("a", "answer");
  conversations.next("b", "other");
  expect(conversations.next("a", "second").map(({ content }) => content)).toEqual([
    expect.stringContaining("assistant"),
    "first",
    "answer",
    "second",
  ]);
  for (let turn = 0; turn < 50; turn += 1) conversations.next("a", "more");
  expect(conversations.next("a", "last")).toHaveLength(13);
});

test("the session used longest ago is evicted, and said to be", () => {
  const evicted: string[] = [];
  const conversations = new Conversations(2, (session) => evicted.push(session));
  for (const session of ["a", "b", "a", "c"]) conversations.next(session, "hello");
  expect(evicted).toEqual(["b"]);
  expect(conversations.sessions).toEqual(["a", "c"]);
  expect([conversations.end("a"), conversations.end("a")]).toEqual([true, false]);
});

test("an answer to a session that has ended is dropped", () => {
  const conversations = new Conversations(2, () => {});
  conversations.answered("gone", "text");
  expect(conversations.sessions).toEqual([]);
});
