/** Host suffixes of providers, matched on a label boundary. Names as in the GenAI conventions where they have one. */
const PROVIDER_BY_SUFFIX: readonly (readonly [suffix: string, provider: string])[] = [
  ["api.openai.com", "openai"],
  ["openai.azure.com", "azure.ai.openai"],
  ["services.ai.azure.com", "azure.ai.inference"],
  ["api.anthropic.com", "anthropic"],
  ["api.groq.com", "groq"],
  ["api.deepseek.com", "deepseek"],
  ["api.mistral.ai", "mistral_ai"],
  ["api.x.ai", "x_ai"],
  ["api.perplexity.ai", "perplexity"],
  ["api.moonshot.ai", "moonshot_ai"],
  ["api.cohere.com", "cohere"],
  ["api.together.xyz", "together_ai"],
  ["openrouter.ai", "openrouter"],
  ["api.fireworks.ai", "fireworks"],
  ["api.cerebras.ai", "cerebras"],
  ["api.novita.ai", "novita"],
  ["ollama.com", "ollama"],
  ["generativelanguage.googleapis.com", "gcp.gemini"],
  ["aiplatform.googleapis.com", "gcp.vertex_ai"],
];

/** Hosts of Azure that have its OpenAI service below `/openai/`, and other services beside it. */
const AZURE_SUFFIXES: readonly string[] = ["services.ai.azure.com", "cognitiveservices.azure.com"];

const OLLAMA_PORT = 11434;

/** Providers by host, as the application names them. */
export type NamedProviders = Readonly<Record<string, string>>;

/** Best knowledge of who answers at a host; `undefined` for an unknown one. What is `named` is known best. */
export function providerByHost(
  host: string,
  port: number,
  named: NamedProviders = {},
  pathname = "",
): string | undefined {
  const name = host.toLowerCase().replace(/\.$/, "");
  for (const [suffix, provider] of Object.entries(named)) {
    if (isAtOrBelow(name, suffix.toLowerCase())) return provider;
  }
  if (pathname.startsWith("/openai/") && AZURE_SUFFIXES.some((each) => isAtOrBelow(name, each))) {
    return "azure.ai.openai";
  }
  for (const [suffix, provider] of PROVIDER_BY_SUFFIX) {
    if (isAtOrBelow(name, suffix)) return provider;
    // regional hosts of Vertex AI put the region before a dash
    if (provider === "gcp.vertex_ai" && name.endsWith(`-${suffix}`)) return provider;
  }
  return port === OLLAMA_PORT ? "ollama" : undefined;
}

/** On a label boundary: what only ends alike is another host. */
function isAtOrBelow(name: string, suffix: string): boolean {
  return name === suffix || name.endsWith(`.${suffix}`);
}
