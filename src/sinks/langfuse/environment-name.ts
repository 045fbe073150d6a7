const MAX_LENGTH = 40;

/**
 * A name that Langfuse accepts as an environment: `[a-z0-9-_]`, at most 40 characters, not beginning with `langfuse`.
 * It would take anything else for `default`. Undefined when nothing is left.
 */
export function environmentName(name: string | undefined): string | undefined {
  const cleaned = name
    ?.toLowerCase()
    .replace(/[^a-z0-9-_]+/g, "-")
    .replace(/^(?:langfuse|[-_])+/, "")
    .slice(0, MAX_LENGTH)
    .replace(/-+$/, "");
  return cleaned === "" ? undefined : cleaned;
}
