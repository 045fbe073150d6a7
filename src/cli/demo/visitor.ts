import type { Random } from "../../testing/index.ts";
import type { ChatTurn } from "./chat-turn.ts";
import type { DemoProvider } from "./provider.ts";

const QUESTIONS = [
  "What should I cook tonight?",
  "Explain recursion to a child.",
  "Plan a weekend in Lisbon.",
  "Why is the sky blue?",
  "Write a haiku about rain.",
  "How do I get better at chess?",
];
/** What is a matter for agents and their tools. */
const ASSISTED = /cook|weekend/;
const USERS = 20;
const MAX_TURNS = 5;

/** One person with one session: some turns, and then they say good-bye, or simply go. */
export interface Visitor {
  readonly session: string;
  readonly user: string;
  readonly model: string;
  readonly saysGoodbye: boolean;
  turnsLeft: number;
  /** Waits for an answer, and won't say anything until it is there. */
  waiting: boolean;
}

/** What a visitor says, and when they lose patience. */
export interface Turn extends ChatTurn {
  /** The visitor disconnects this long after the answer has begun to arrive. */
  readonly leaveAfterMs?: number;
}

export function drawVisitor(
  random: Random,
  number: number,
  models: DemoProvider["models"],
): Visitor {
  return {
    session: `session-${number}`,
    user: `user-${Math.floor(random() * USERS)}`,
    model: drawModel(random, models),
    saysGoodbye: random() < 0.95,
    turnsLeft: 1 + Math.floor(random() * MAX_TURNS),
    waiting: false,
  };
}

export function drawTurn(random: Random, { session, user, model }: Visitor): Turn {
  const message = QUESTIONS[Math.floor(random() * QUESTIONS.length)] ?? "Hello";
  const stream = random() < 0.5;
  const patience = random();
  return {
    session,
    user,
    model,
    message,
    stream,
    assisted: !stream && ASSISTED.test(message),
    ...(stream && patience < 0.1 && { leaveAfterMs: 100 * random() }),
    ...(stream && patience > 0.92 && { maxCharacters: 20 }),
  };
}

function drawModel(random: Random, models: DemoProvider["models"]): string {
  let rest = random() * models.reduce((sum, { share }) => sum + share, 0);
  const drawn = models.find(({ share }) => (rest -= share) < 0) ?? models[0];
  return drawn?.model ?? "gpt-4o-mini";
}
