export interface ProviderDefaults {
  readonly baseUrl: string;
  readonly apiKeyVariable: string;
}

const DEFAULTS: Readonly<Record<string, ProviderDefaults>> = {
  openai: { baseUrl: "https://api.openai.com/v1", apiKeyVariable: "OPENAI_API_KEY" },
  groq: { baseUrl: "https://api.groq.com/openai/v1", apiKeyVariable: "GROQ_API_KEY" },
  deepseek: { baseUrl: "https://api.deepseek.com/v1", apiKeyVariable: "DEEPSEEK_API_KEY" },
  mistral_ai: { baseUrl: "https://api.mistral.ai/v1", apiKeyVariable: "MISTRAL_API_KEY" },
  x_ai: { baseUrl: "https://api.x.ai/v1", apiKeyVariable: "XAI_API_KEY" },
  perplexity: { baseUrl: "https://api.perplexity.ai", apiKeyVariable: "PERPLEXITY_API_KEY" },
  moonshot_ai: { baseUrl: "https://api.moonshot.ai/v1", apiKeyVariable: "MOONSHOT_API_KEY" },
  openrouter: { baseUrl: "https://openrouter.ai/api/v1", apiKeyVariable: "OPENROUTER_API_KEY" },
  ollama: { baseUrl: "http://127.0.0.1:11434/v1", apiKeyVariable: "OLLAMA_API_KEY" },
};

/** Where an OpenAI-compatible provider is reached unless told otherwise. */
export function providerDefaults(provider: string): ProviderDefaults | undefined {
  return Object.hasOwn(DEFAULTS, provider) ? DEFAULTS[provider] : undefined;
}
