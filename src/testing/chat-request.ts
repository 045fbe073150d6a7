/** A chat-completions request as the simulated provider understood it. */
export interface ChatRequest {
  readonly model: string;
  readonly messagesCount: number;
  readonly stream: boolean;
  /** `stream_options.include_usage`. */
  readonly includeUsage: boolean;
  /** `n`; default 1. */
  readonly choiceCount: number;
  /** The tool that an answer calls: the first one offered, unless a tool result was just sent. */
  readonly toolToCall?: string;
  /** What the SDK says in `x-stainless-retry-count`; 0 for a first attempt. */
  readonly retryCount: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as sent. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Why a request can't be answered, in the words of an OpenAI error body. */
export interface RequestProblem {
  readonly problem: string;
  readonly param: string | null;
}

/** Reads a request body. A body that OpenAI would refuse yields the problem instead. */
export async function readChatRequest(request: Request): Promise<ChatRequest | RequestProblem> {
  const body = parseObject(await request.text());
  if (!body) return { problem: "We could not parse the JSON body of your request.", param: null };
  const { model, messages } = body;
  if (typeof model !== "string" || model === "") {
    return { problem: "You must provide a model parameter", param: "model" };
  }
  if (!Array.isArray(messages) || messages.length === 0) {
    return { problem: "Missing required parameter: 'messages'.", param: "messages" };
  }
  const headers = Object.fromEntries(request.headers);
  const toolToCall = toolOf(body, messages);
  return {
    model,
    messagesCount: messages.length,
    stream: body["stream"] === true,
    includeUsage: objectOf(body["stream_options"])["include_usage"] === true,
    choiceCount: typeof body["n"] === "number" && body["n"] >= 1 ? Math.floor(body["n"]) : 1,
    ...(toolToCall !== undefined && { toolToCall }),
    retryCount: Number(headers["x-stainless-retry-count"] ?? 0) || 0,
    headers,
    body,
  };
}

function toolOf(body: Record<string, unknown>, messages: readonly unknown[]): string | undefined {
  const tools = body["tools"];
  if (!Array.isArray(tools) || body["tool_choice"] === "none") return undefined;
  // the answer to a tool result is text, so that an agent's loop ends
  if (objectOf(messages.at(-1))["role"] === "tool") return undefined;
  const name = objectOf(objectOf(tools[0])["function"])["name"];
  return typeof name === "string" ? name : undefined;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
