import type OpenAI from "openai";
import type { Observability } from "../../runtime/observability.ts";
import type { Assistant } from "./assistant.ts";
import { type ChatTurn, parseChatTurn } from "./chat-turn.ts";
import { Conversations } from "./conversations.ts";

const MAX_SESSIONS = 40;

export interface ChatServiceOptions {
  readonly observability: Observability;
  /** Observed by the caller: `observability.observe(new OpenAI())`. */
  readonly client: OpenAI;
  /** Answers those who ask for it. */
  readonly assistant: Assistant;
  readonly defaultModel: string;
  readonly maxTokens: number;
}

/**
 * The example application: `POST /chat` answers or streams plain text, `DELETE /sessions/:id` ends a session.
 * What makes it observable is the client it is given, and the three lines in `chat`.
 */
export interface ChatService {
  readonly handle: (request: Request) => Promise<Response>;
  /** Ends every session that is still open. */
  endSessions(): void;
}

export function createChatService(options: ChatServiceOptions): ChatService {
  const { observability, client, assistant } = options;
  const endSession = (session: string) => observability.endSession(session);
  const conversations = new Conversations(MAX_SESSIONS, endSession);

  async function chat(request: Request): Promise<Response> {
    const turn = parseChatTurn(await request.text());
    if (!turn) return new Response("expected {session, message}\n", { status: 400 });
    const context = {
      ...(turn.user !== undefined && { userId: turn.user }),
      tags: ["demo", turn.stream ? "stream" : "plain"],
    };
    return observability.withContext(context, () =>
      observability.session(turn.session, () => answer(turn, request.signal)),
    );
  }

  async function answer(turn: ChatTurn, signal: AbortSignal): Promise<Response> {
    const parameters = {
      model: turn.model ?? options.defaultModel,
      messages: conversations.next(turn.session, turn.message),
      max_tokens: options.maxTokens,
    };
    try {
      if (turn.stream) return await answerInPieces(turn, parameters, signal);
      const text = await (turn.assisted ? assistant : answerPlainly)(parameters, signal);
      conversations.answered(turn.session, text);
      return new Response(`${text}\n`);
    } catch (error) {
      return new Response("the model did not answer\n", { status: statusFor(error) });
    }
  }

  async function answerPlainly(
    parameters: OpenAI.ChatCompletionCreateParamsNonStreaming,
    signal: AbortSignal,
  ): Promise<string> {
    const completion = await client.chat.completions.create(parameters, { signal });
    return completion.choices[0]?.message.content ?? "";
  }

  async function answerInPieces(
    turn: ChatTurn,
    parameters: OpenAI.ChatCompletionCreateParamsNonStreaming,
    signal: AbortSignal,
  ): Promise<Response> {
    const chunks = await client.chat.completions.create(
      { ...parameters, stream: true, stream_options: { include_usage: true } },
      { signal },
    );
    const pieces = textOf(chunks, turn.maxCharacters);
    const remember = (text: string) => conversations.answered(turn.session, text);
    return new Response(ReadableStream.from(encode(pieces, remember)));
  }

  function end(session: string): Response {
    const known = conversations.end(session);
    if (known) endSession(session);
    return new Response(null, { status: known ? 204 : 404 });
  }

  return {
    async handle(request) {
      const { pathname } = new URL(request.url);
      const [, session] = /^\/sessions\/([^/]+)$/.exec(pathname) ?? [];
      if (request.method === "POST" && pathname === "/chat") return chat(request);
      if (request.method === "DELETE" && session) return end(decodeURIComponent(session));
      return new Response("try POST /chat\n", { status: 404 });
    },
    endSessions() {
      for (const session of conversations.sessions) end(session);
    },
  };
}

async function* textOf(
  chunks: AsyncIterable<OpenAI.ChatCompletionChunk>,
  maxCharacters = Infinity,
): AsyncGenerator<string> {
  let characters = 0;
  for await (const chunk of chunks) {
    const text = chunk.choices[0]?.delta.content;
    if (!text) continue;
    yield text;
    characters += text.length;
    if (characters >= maxCharacters) return;
  }
}

async function* encode(
  pieces: AsyncIterable<string>,
  onEnd: (text: string) => void,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = "";
  for await (const piece of pieces) {
    text += piece;
    yield encoder.encode(piece);
  }
  onEnd(text);
}

/** The provider's refusal of a request is passed on; its other troubles are a bad gateway. */
function statusFor(error: unknown): number {
  const status = error instanceof Error && "status" in error ? error.status : undefined;
  return status === 400 || status === 429 ? status : 502;
}
