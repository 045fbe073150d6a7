import { expect, test } from "vitest";
import type { Behaviour } from "./behaviour.ts";
import type { ChatRequest } from "./chat-request.ts";
import { randomPlan, scriptedPlan } from "./plans.ts";
import { seededRandom } from "./seeded-random.ts";

const request: ChatRequest = {
  model: "gpt-4o",
  messagesCount: 1,
  stream: false,
  includeUsage: false,
  choiceCount: 1,
  retryCount: 0,
  headers: {},
  body: {},
};
const hang: Behaviour = { kind: "hang" };
const malformed: Behaviour = { kind: "malformed" };

test("a scripted plan goes through the list and stays at its end", () => {
  const plan = scriptedPlan([hang, malformed]);
  expect([0, 1, 2, 9].map((index) => plan(request, index).kind)).toEqual([
    "hang",
    "malformed",
    "malformed",
    "malformed",
  ]);
  expect(() => scriptedPlan([])).toThrow(RangeError);
});

test("a random plan repeats for a seed, in any order of arrival", () => {
  const mix = [
    { weight: 1, behaviour: hang },
    {
      weight: 3,
      behaviour: (random: () => number): Behaviour => ({
        kind: "answer",
        promptTokens: Math.floor(random() * 1000),
        completionTokens: 1,
      }),
    },
  ];
  const indexes = Array.from({ length: 50 }, (_, index) => index);
  const plan = randomPlan({ seed: 7, mix });
  const drawn = indexes.map((index) => plan(request, index));
  const again = randomPlan({ seed: 7, mix });
  const backwards = indexes.toReversed().map((index) => again(request, index));
  expect(backwards.toReversed()).toEqual(drawn);

  const other = randomPlan({ seed: 8, mix });
  expect(indexes.map((index) => other(request, index))).not.toEqual(drawn);
});

test("a random plan follows its weights", () => {
  const plan = randomPlan({
    seed: 1,
    mix: [
      { weight: 3, behaviour: malformed },
      { weight: 0, behaviour: { kind: "cut", afterChunks: 0 } },
      { weight: 1, behaviour: hang },
    ],
  });
  const kinds = Array.from({ length: 4000 }, (_, index) => plan(request, index).kind);
  const hangs = kinds.filter((kind) => kind === "hang").length;
  expect(hangs / kinds.length).toBeCloseTo(0.25, 1);
  expect(kinds).not.toContain("cut");
  expect(() => randomPlan({ seed: 1, mix: [] })).toThrow(RangeError);
});

test("the seeded generator stays in [0, 1) and is spread evenly", () => {
  const random = seededRandom(42);
  const draws = Array.from({ length: 10_000 }, random);
  expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...draws)).toBeLessThan(1);
  expect(draws.reduce((sum, draw) => sum + draw, 0) / draws.length).toBeCloseTo(0.5, 1);
});
