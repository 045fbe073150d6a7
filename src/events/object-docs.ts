import type { CallContext } from "./call-context.ts";
import type {
  CallContent,
  ContentMessage,
  ContentPart,
  RetrievalContent,
  ToolContent,
  ToolDefinition,
} from "./content.ts";
import { field, type FieldDocs, optional } from "./field-docs.ts";
import type { Attempt, OutputChunks, RequestParameters } from "./llm-events.ts";
import { usageDocs } from "./usage-docs.ts";
import type { Cost, Usage } from "./usage.ts";

/** What is in events as an object of its own. */
export interface EventObjects {
  CallContext: CallContext;
  RequestParameters: RequestParameters;
  Attempt: Attempt;
  OutputChunks: OutputChunks;
  Usage: Usage;
  Cost: Cost;
  CallContent: CallContent;
  ToolContent: ToolContent;
  RetrievalContent: RetrievalContent;
  ContentMessage: ContentMessage;
  // the other fields are those that the conventions have for its type
  ContentPart: Pick<ContentPart, "type">;
  ToolDefinition: ToolDefinition;
}

export interface ObjectDoc<T> {
  readonly doc: string;
  readonly fields: FieldDocs<T>;
}

/** What the events page says of each of them. */
export const objectDocs: { readonly [Name in keyof EventObjects]: ObjectDoc<EventObjects[Name]> } =
  {
    CallContext: {
      doc: "What the application said of where this belongs; in no metric.",
      fields: {
        sessionId: optional("string", "Session."),
        userId: optional("string", "User."),
        tags: optional("string[]", "Tags, each once."),
        metadata: optional("object", "Texts, numbers and booleans by name."),
      },
    },
    RequestParameters: {
      doc: "Parameters as sent; one that is missing was not sent.",
      fields: {
        temperature: optional("number", "Sampling temperature."),
        topP: optional("number", "Nucleus sampling."),
        topK: optional("number", "Candidates that are sampled from."),
        maxTokens: optional("number", "Bound of the answer."),
        frequencyPenalty: optional("number", "Penalty for what was said often."),
        presencePenalty: optional("number", "Penalty for what was said at all."),
        seed: optional("number", "Seed of the sampling."),
        choiceCount: optional("number", "Answers asked for."),
        stopSequences: optional("string[]", "What ends the answer."),
        outputType: optional("string", "`text`, `json`, `image` or `speech`."),
        reasoningLevel: optional("string", "Effort of reasoning, in the provider's words."),
        serviceTier: optional("string", "Service tier asked for."),
        dimensionCount: optional("number", "Length of the vectors; embeddings only."),
        encodingFormat: optional("string", "Of the vectors, e.g. `base64`; embeddings only."),
      },
    },
    Attempt: {
      doc: "One HTTP exchange of an operation.",
      fields: {
        result: field("string", "`ok`, an HTTP status or the name of an error."),
        durationMs: field("number", "Until the response headers, or until it failed."),
      },
    },
    OutputChunks: {
      doc: "The content chunks of a streamed answer, by the times at which they were read.",
      fields: {
        count: field("number", "How many."),
        generationMs: field("number", "From the first to the last."),
        gapCounts: field(
          "number[]",
          "Times between two of them, counted in the buckets of the standard metric.",
        ),
        withReasoning: optional("boolean", "Reasoning was streamed like content."),
      },
    },
    Usage: {
      doc: "Tokens of one operation. A field that is missing is unknown, not 0.",
      fields: usageDocs,
    },
    Cost: {
      doc: "What an operation cost, and where the price came from.",
      fields: {
        totalUsd: field("number", "US dollars."),
        inputUsd: field("number", "Part of it for input."),
        outputUsd: field("number", "Part of it for output."),
        source: field("string", "`override`, `table` or `provider`."),
        tableVersion: optional("string", "Version of the price table, if it was that."),
        estimated: optional("boolean", "The tokens were estimated, or some of them."),
      },
    },
    CallContent: {
      doc: "What was said, redacted and bounded, in the shapes of the GenAI conventions.",
      fields: {
        inputMessages: optional("ContentMessage[]", "The latest messages, in the order sent."),
        outputMessages: optional("ContentMessage[]", "One for each choice, as far as it came."),
        systemInstructions: optional("ContentPart[]", "Those that were sent apart."),
        toolDefinitions: optional("ToolDefinition[]", "Tools that the model may call."),
        truncated: optional("boolean", "Something was left out to keep to the limits."),
      },
    },
    ToolContent: {
      doc: "What a tool was given and gave back, redacted and bounded.",
      fields: {
        arguments: optional("any", "What the application says that the model gave it."),
        result: optional("any", "What its function returned; a stream is left out."),
      },
    },
    RetrievalContent: {
      doc: "What was searched for, redacted and bounded.",
      fields: { query: optional("string", "The text of the query.") },
    },
    ContentMessage: {
      doc: "A message of a conversation.",
      fields: {
        role: field("string", "`system`, `user`, `assistant`, `tool`, or `other`."),
        name: optional("string", "Name of who says it."),
        parts: field("ContentPart[]", "What is said."),
        finish_reason: optional("string", "Why the model stopped; output only."),
      },
    },
    ContentPart: {
      doc: "A part of a message, with the fields that the conventions have for its type.",
      fields: {
        type: field(
          "string",
          "`text`, `reasoning`, `tool_call`, `tool_call_response`, `blob` or another.",
        ),
      },
    },
    ToolDefinition: {
      doc: "A tool that the model may call.",
      fields: {
        type: field("string", "`function` or the like."),
        name: optional("string", "Its name."),
        description: optional("string", "What it does."),
        parameters: optional("any", "JSON schema of its arguments."),
      },
    },
  };
