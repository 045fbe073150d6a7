/** `openai.*` attributes go with these providers only (GenAI conventions, OpenAI page). */
export function isOpenAi(provider: string): boolean {
  return provider === "openai" || provider === "azure.ai.openai";
}
