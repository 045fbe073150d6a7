/** APIs that calls are told apart by, the more telling ones first: `messages/batches` is a batch. */
const APIS = [
  "batches",
  "count_tokens",
  "input_tokens",
  "vector_stores",
  "fine_tuning",
  "uploads",
  "files",
  "evals",
  "containers",
  "conversations",
  "assistants",
  "threads",
  "videos",
  "realtime",
  "organization",
  "responses",
  "completions",
  "models",
  "tags",
  "show",
  "pull",
] as const;

/** Google's methods, behind the colon that ends the path. */
const METHODS: Readonly<Record<string, string>> = {
  asyncBatchEmbedContent: "batches",
  batchGenerateContent: "batches",
  countTokens: "count_tokens",
  predict: "predict",
};

/** The API that a path belongs to, for a label: one of a few words, `other` for what is none of them. */
export function apiName(pathname: string): string {
  const method = pathname.slice(pathname.lastIndexOf(":") + 1);
  if (Object.hasOwn(METHODS, method)) return METHODS[method] ?? "other";
  const segments = new Set(pathname.split("/"));
  return APIS.find((api) => segments.has(api)) ?? "other";
}
