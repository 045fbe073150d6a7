import type { EnvironmentVariable, ValueType } from "./option-definition.ts";
import { oneOf } from "./value-types.ts";

type Capture = "off" | "metadata" | "full";
type Target = "spans" | "events" | "all";

/**
 * What other instrumentations take for the standard variable: OTel's for Python and for JavaScript, and the words of our
 * own option.
 */
const SPELLINGS: ReadonlyMap<string, { readonly capture: Capture; readonly target?: Target }> =
  new Map([
    ["off", { capture: "off" }],
    ["false", { capture: "off" }],
    ["0", { capture: "off" }],
    ["none", { capture: "off" }],
    ["no_content", { capture: "off" }],
    ["metadata", { capture: "metadata" }],
    ["full", { capture: "full" }],
    ["true", { capture: "full" }],
    ["1", { capture: "full" }],
    ["span_only", { capture: "full", target: "spans" }],
    ["event_only", { capture: "full", target: "events" }],
    ["span_and_event", { capture: "full", target: "all" }],
  ]);

/** How much is captured; in the environment in any spelling that is in use. */
export function captureMode(): ValueType<Capture> {
  return {
    check: oneOf(["off", "metadata", "full"] as const).check,
    expected:
      "`off`, `metadata`, `full` (in the environment also NO_CONTENT, SPAN_ONLY, EVENT_ONLY, SPAN_AND_EVENT, true, false)",
    read: (text) => SPELLINGS.get(text.toLowerCase())?.capture ?? text,
  };
}

/** The part of such a variable that says where content goes; one that does not say is none. */
export function captureTarget(name: string): EnvironmentVariable {
  return {
    name,
    expected: "SPAN_ONLY, EVENT_ONLY or SPAN_AND_EVENT",
    read: (text) => SPELLINGS.get(text.toLowerCase())?.target,
    note: "SPAN_ONLY, EVENT_ONLY, SPAN_AND_EVENT",
  };
}
