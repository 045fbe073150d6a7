import type { Diagnostics } from "./diagnostics.ts";

/**
 * A part of this package, or a dependency, that is loaded when it is first asked for. A failure is reported once, and
 * everybody who asks gets it.
 */
export function loadLater<T>(
  component: string,
  load: () => Promise<T>,
  diagnostics: Pick<Diagnostics, "warnOnce">,
): () => Promise<T> {
  let loading: Promise<T> | undefined;

  async function start(): Promise<T> {
    try {
      return await load();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      diagnostics.warnOnce(component, "load", `a part of it could not be loaded: ${reason}`);
      throw error;
    }
  }

  return () => (loading ??= start());
}
