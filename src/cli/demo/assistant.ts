import type OpenAI from "openai";
import type { Observability } from "../../runtime/observability.ts";
import type { Random, Sleep } from "../../testing/index.ts";

type Request = OpenAI.ChatCompletionCreateParamsNonStreaming;

export interface AssistantOptions {
  readonly observability: Observability;
  /** Observed by the caller. */
  readonly client: OpenAI;
  readonly random: Random;
  readonly sleep: Sleep;
}

/** Answers with the help of agents and their tools: a concierge who hands over to who knows about the matter. */
export type Assistant = (request: Request, signal: AbortSignal) => Promise<string>;

/** An agent with the one tool that it has. */
interface Specialist {
  readonly agent: string;
  readonly tool: OpenAI.ChatCompletionFunctionTool;
  readonly execute: (signal: AbortSignal) => Promise<string>;
}

/** How long a guest is asked for, before the tool goes on without a decision. */
const APPROVAL_TIMEOUT_MS = 1500;

export function createAssistant(options: AssistantOptions): Assistant {
  const { observability: obs, client, random, sleep } = options;

  const chef: Specialist = {
    agent: "chef",
    tool: functionTool("search_recipes", "Finds recipes for what the guest likes."),
    execute: (signal) =>
      obs.retrieval({ dataSourceId: "recipes", topK: 3 }, async () => {
        await sleep(20 + 80 * random(), signal);
        return "Lentil soup, 30 minutes; Shakshuka, 25 minutes; Risotto, 40 minutes";
      }),
  };

  const travelPlanner: Specialist = {
    agent: "travel_planner",
    tool: functionTool("book_hotel", "Books a room, once the guest agrees."),
    async execute(signal) {
      if (!(await isApproved(signal))) return "The guest does not want to book.";
      await sleep(100 + 300 * random(), signal);
      if (random() < 0.15) throw new BookingUnavailableError("no rooms are told right now");
      return "Booked: two nights, a quiet room.";
    },
  };

  /** Asks a guest, who approves, rejects, or does not answer in time. */
  async function isApproved(signal: AbortSignal): Promise<boolean> {
    const approval = obs.hitl.request({ action: "book_hotel", tool: "book_hotel" });
    const takesMs = 2000 * random() ** 2;
    const answersInTime = takesMs <= APPROVAL_TIMEOUT_MS;
    try {
      await sleep(Math.min(takesMs, APPROVAL_TIMEOUT_MS), signal);
    } finally {
      if (!answersInTime || signal.aborted) approval.timeout();
    }
    if (!answersInTime) return false;
    const agrees = random() < 0.8;
    approval.decide(agrees ? "APPROVE" : "REJECT", "guest");
    return agrees;
  }

  async function work({ tool, execute }: Specialist, request: Request, signal: AbortSignal) {
    const asked = { ...request, tools: [tool] };
    const first = await client.chat.completions.create(asked, { signal });
    const message = first.choices[0]?.message;
    const call = message?.tool_calls?.[0];
    if (message === undefined || call === undefined) return message?.content ?? "";
    const { name } = tool.function;
    const content = await obs
      .tool({ name, callId: call.id, type: "function" }, () => execute(signal))
      .catch(excuse);
    const result = { role: "tool" as const, tool_call_id: call.id, content };
    const messages = [...request.messages, message, result];
    const second = await client.chat.completions.create({ ...asked, messages }, { signal });
    return second.choices[0]?.message.content ?? "";
  }

  return (request, signal) => {
    const specialist = /cook/i.test(lastMessage(request)) ? chef : travelPlanner;
    return obs.workflow("assisted_chat", () =>
      obs.agent("concierge", () =>
        obs.agent(specialist.agent, () => work(specialist, request, signal)),
      ),
    );
  };
}

class BookingUnavailableError extends Error {
  override readonly name = "BookingUnavailableError";
}

/** The model is told what its tool could not do; everything else ends the turn. */
function excuse(error: unknown): string {
  if (error instanceof BookingUnavailableError) return "Bookings are not possible right now.";
  throw error;
}

function functionTool(name: string, description: string): OpenAI.ChatCompletionFunctionTool {
  return { type: "function", function: { name, description } };
}

function lastMessage({ messages }: Request): string {
  const content = messages.at(-1)?.content;
  return typeof content === "string" ? content : "";
}
