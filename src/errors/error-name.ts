const MAX_LENGTH = 100;

/** The class of an error, for messages: what it says itself may hold prompt text and stays out. */
export function errorName(error: unknown): string {
  try {
    if (!(error instanceof Error)) return typeof error;
    return typeof error.name === "string" ? error.name.slice(0, MAX_LENGTH) : "Error";
  } catch {
    // what handlers throw may be anything: a proxy, an object with getters
    return "unknown";
  }
}
