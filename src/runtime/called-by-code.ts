/**
 * Whether other code called `callee`, which is under way; Node.js itself leaves nothing else on the stack. False where
 * that can't be told.
 */
export function isCalledByCode(callee: (...args: never[]) => unknown): boolean {
  const { stackTraceLimit } = Error;
  const own = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  try {
    Error.stackTraceLimit = 1;
    // what an application has put there makes a text of its own of it
    Error.prepareStackTrace = (_error, sites) => sites.length;
    const trace: { readonly stack?: unknown } = {};
    Error.captureStackTrace(trace, callee);
    return trace.stack === 1;
  } catch {
    return false;
  } finally {
    restore(stackTraceLimit, own);
  }
}

function restore(limit: number, own: PropertyDescriptor | undefined): void {
  try {
    Error.stackTraceLimit = limit;
    if (own) Object.defineProperty(Error, "prepareStackTrace", own);
    else Reflect.deleteProperty(Error, "prepareStackTrace");
  } catch {
    // a frozen one, which has not been changed either
  }
}
