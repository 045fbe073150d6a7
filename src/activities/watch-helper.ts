import { SUCCESS, type Watch } from "./watch.ts";

/** An SDK's helper around a stream or a loop of calls, such as `chat.completions.stream()` or `runTools()`. */
interface Helper {
  readonly aborted: boolean;
  readonly errored: boolean;
  on(event: "end", listener: () => void): unknown;
}

/**
 * Ends an activity with the helper that it returned: helpers read their stream by themselves, and tell its end to
 * listeners, whether it came well or not. To listen to anything else would count as handling an error. False for what is
 * no such helper.
 */
export function watchHelper(value: object, watch: Watch): boolean {
  if (!isHelper(value)) return false;
  value.on("end", () => {
    if (value.aborted) watch.end({ outcome: "aborted", errorType: "signal" });
    else if (value.errored) watch.end({ outcome: "error", errorType: "_OTHER" });
    else watch.end(SUCCESS);
  });
  return true;
}

function isHelper(value: object): value is Helper {
  return (
    typeof Reflect.get(value, "on") === "function" &&
    typeof Reflect.get(value, "done") === "function" &&
    typeof Reflect.get(value, "aborted") === "boolean" &&
    typeof Reflect.get(value, "errored") === "boolean"
  );
}
