/** What the option `redaction.patterns` lists. */
export type RedactionPattern =
  | "private-key"
  | "url-password"
  | "api-key"
  | "jwt"
  | "bearer"
  | "email"
  | "iban"
  | "card";

/** What the rules take out of text, in the order in which they are applied. */
export const redactionPatterns: Readonly<Record<RedactionPattern, string>> = {
  "private-key": "private keys in PEM form",
  "url-password":
    "user and password in a URL, as in `postgres://user:password@host`, or behind curl's `-u`",
  "api-key":
    "keys with a prefix of their own: OpenAI, Anthropic, OpenRouter, DeepSeek, Google, AWS, GitHub, GitLab, npm, Slack, Stripe, SendGrid, Hugging Face, Groq, xAI, Perplexity, Replicate, Tavily, Langfuse",
  jwt: "JSON web tokens",
  bearer: "what follows `Bearer` or `Basic`, as in an `Authorization` header",
  email: "e-mail addresses",
  iban: "international bank account numbers with right check digits, in either case",
  card: "payment cards: 13 to 19 digits, also in groups, with an issuer's prefix and a right check digit (Luhn)",
};
