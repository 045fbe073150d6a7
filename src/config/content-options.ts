import { type RedactionPattern, redactionPatterns } from "../semconv/index.ts";
import { captureMode, captureTarget } from "./content-capture.ts";
import { namedPatterns } from "./own-patterns.ts";
import { flag, names, oneOf, someOf, textFunction, wholeNumber } from "./value-types.ts";

/** The rows of `content.*` and `redaction.*` in the option table. */
export const contentOptions = {
  "content.capture": {
    type: captureMode(),
    default: "off",
    environment: ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"],
    guardsContent: true,
    doc: "Prompts and answers: not captured, only their shape, or in full, redacted. See [content](content.md).",
  },
  "content.target": {
    type: oneOf(["spans", "events", "all"]),
    default: "all",
    environment: [
      "RLM_CONTENT_TARGET",
      captureTarget("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"),
    ],
    guardsContent: true,
    doc: "Where captured content goes: attributes of spans (and so Langfuse), `content` of events, or both.",
  },
  "content.maxPartCharacters": {
    type: wholeNumber(0, 1_000_000),
    default: 10_000,
    unit: "characters",
    environment: ["RLM_CONTENT_MAX_PART_CHARACTERS"],
    guardsContent: true,
    doc: "Kept of one text, or of the arguments or the result of one tool call.",
  },
  "content.maxListCharacters": {
    type: wholeNumber(0, 10_000_000),
    default: 100_000,
    unit: "characters",
    environment: ["RLM_CONTENT_MAX_LIST_CHARACTERS"],
    guardsContent: true,
    doc: "Kept of all messages of a request, the latest ones first, and of all of an answer.",
  },
  "content.toolSchemas": {
    type: flag(),
    default: false,
    environment: ["RLM_CONTENT_TOOL_SCHEMAS"],
    guardsContent: true,
    doc: "Capture descriptions and parameter schemas of tools too, not just types and names.",
  },
  "redaction.keys": {
    type: names(),
    default: [],
    environment: ["RLM_REDACTION_KEYS"],
    guardsContent: true,
    doc: "Names of fields whose value is taken out of captured content, beside the built-in ones such as `password`.",
  },
  "redaction.patterns": {
    type: someOf(Object.keys(redactionPatterns) as RedactionPattern[]),
    default: Object.keys(redactionPatterns) as RedactionPattern[],
    environment: ["RLM_REDACTION_PATTERNS"],
    guardsContent: true,
    doc: "The rules that are applied to every captured text.",
  },
  "redaction.ownPatterns": {
    type: namedPatterns(),
    default: {},
    environment: ["RLM_REDACTION_OWN_PATTERNS"],
    guardsContent: true,
    doc: "Patterns of your own, applied after those; what they find becomes `[REDACTED:name]`.",
  },
  "redaction.custom": {
    type: textFunction(),
    environment: [],
    doc: "Gets every captured text after the rules, gives back what may be seen. If it fails, the call's content is dropped and counted.",
  },
} as const;
