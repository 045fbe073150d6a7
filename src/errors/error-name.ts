/** The class of an error, for messages: what it says itself may hold prompt text and stays out. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
