/** A Response object and the events of its stream, as the Responses API sends them, shortened. */
export interface ResponseEvent {
  readonly type?: string;
  readonly [field: string]: unknown;
}

type Status = "in_progress" | "completed" | "incomplete" | "failed";

const TEXT = ["Guten ", "Tag, ", "schöne ", "Welt"];

const MESSAGE = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  status: "completed",
  content: [{ type: "output_text", text: TEXT.join(""), annotations: [] }],
};

/** 100 tokens in, 60 of them cached; 20 out, 5 of them reasoning. */
export function responseObject(status: Status): Readonly<Record<string, unknown>> {
  const ended = status !== "in_progress";
  return {
    id: "resp_1",
    object: "response",
    created_at: 1_750_000_000,
    status,
    background: false,
    error: status === "failed" ? { code: "server_error", message: "The model failed." } : null,
    incomplete_details: status === "incomplete" ? { reason: "max_output_tokens" } : null,
    instructions: null,
    model: "gpt-4o-mini-2024-07-18",
    output: ended ? [MESSAGE] : [],
    parallel_tool_calls: true,
    previous_response_id: null,
    service_tier: ended ? "default" : "auto",
    text: { format: { type: "text" } },
    tool_choice: "auto",
    tools: [],
    usage: ended
      ? {
          input_tokens: 100,
          input_tokens_details: { cached_tokens: 60 },
          output_tokens: 20,
          output_tokens_details: { reasoning_tokens: 5 },
          total_tokens: 120,
        }
      : null,
    metadata: {},
  };
}

/** The whole stream of a text answer; the fifth event is the first with content. */
export function responseEvents(end: Exclude<Status, "in_progress">): readonly ResponseEvent[] {
  const place = { item_id: "msg_1", output_index: 0, content_index: 0 };
  const begun = { ...MESSAGE, status: "in_progress", content: [] };
  const events: ResponseEvent[] = [
    { type: "response.created", response: responseObject("in_progress") },
    { type: "response.in_progress", response: responseObject("in_progress") },
    { type: "response.output_item.added", output_index: 0, item: begun },
    { type: "response.content_part.added", ...place, part: { type: "output_text", text: "" } },
    ...TEXT.map((delta) => ({ type: "response.output_text.delta", ...place, delta })),
    { type: "response.output_text.done", ...place, text: TEXT.join("") },
    { type: "response.content_part.done", ...place, part: MESSAGE.content[0] },
    { type: "response.output_item.done", output_index: 0, item: MESSAGE },
    { type: `response.${end}`, response: responseObject(end) },
  ];
  return events.map((event, index) => ({ ...event, sequence_number: index }));
}
