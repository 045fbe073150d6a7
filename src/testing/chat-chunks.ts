import { type ChatAnswer, envelope } from "./chat-answer.ts";

const DEFAULT_MAX_CHUNKS = 24;

export interface ChunkOptions {
  /** Pieces the text is split into; default one for each word, at most 24. */
  readonly chunks?: number | undefined;
  /** Ends with a chunk that carries the usage and no choices. */
  readonly includeUsage: boolean;
}

/** The chunks of a streamed answer, in the order OpenAI sends them, `[DONE]` excepted. */
export function answerChunks(answer: ChatAnswer, options: ChunkOptions): object[] {
  const base = {
    ...envelope(answer, "chat.completion.chunk"),
    // with `include_usage`, OpenAI says `usage: null` in every chunk but the last
    ...(options.includeUsage && { usage: null }),
  };
  const forEachChoice = (delta: object, finishReason: string | null = null) =>
    Array.from({ length: answer.choiceCount }, (_, index) => ({
      ...base,
      choices: [{ index, delta, logprobs: null, finish_reason: finishReason }],
    }));
  return [
    ...deltasOf(answer, options.chunks).flatMap((delta) => forEachChoice(delta)),
    ...forEachChoice({}, answer.finishReason),
    ...(options.includeUsage ? [{ ...base, choices: [], usage: answer.usage }] : []),
  ];
}

function deltasOf(answer: ChatAnswer, chunks: number | undefined): object[] {
  const { toolCall } = answer;
  if (!toolCall) {
    const start = { role: "assistant", content: "", refusal: null };
    return [start, ...split(answer.text, chunks).map((content) => ({ content }))];
  }
  const { id, name } = toolCall;
  const call = { index: 0, id, type: "function", function: { name, arguments: "" } };
  return [
    { role: "assistant", content: null, tool_calls: [call] },
    ...split(toolCall.arguments, chunks).map((piece) => ({
      tool_calls: [{ index: 0, function: { arguments: piece } }],
    })),
  ];
}

function split(text: string, wanted: number | undefined): string[] {
  const words = text.match(/\s*\S+\s*$|\s*\S+/g) ?? (text === "" ? [] : [text]);
  const count = Math.min(wanted ?? DEFAULT_MAX_CHUNKS, words.length);
  return Array.from({ length: count }, (_, piece) => {
    const from = Math.floor((piece * words.length) / count);
    const to = Math.floor(((piece + 1) * words.length) / count);
    return words.slice(from, to).join("");
  });
}
