import { hasRun } from "./has-run.ts";
import { type PatternRule, redacted } from "./pattern-rule.ts";

/** Each begins with letters of its own and goes on in one class of characters: nothing to backtrack into. */
const KEYS = [
  // OpenAI, Anthropic, OpenRouter, DeepSeek, Langfuse
  String.raw`sk-[\w-]{16,}`,
  // Stripe
  String.raw`(?:sk|rk|pk)_(?:live|test)_\w{10,}|whsec_\w{10,}`,
  // Google: API keys, OAuth secrets and tokens
  String.raw`AIza[\w-]{30,}|GOCSPX-[\w-]{20,}|ya29\.[\w-]{20,}`,
  // AWS access key ids
  "(?:AKIA|ASIA)[0-9A-Z]{16}",
  // GitHub, GitLab, npm
  String.raw`gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{20,}|npm_\w{20,}`,
  // Slack
  String.raw`xox[abeprs]-[\w-]{10,}|xapp-[\w-]{10,}`,
  // Hugging Face, Groq, xAI, Perplexity, Replicate, Tavily
  String.raw`hf_\w{20,}|gsk_\w{20,}|xai-\w{20,}|pplx-\w{20,}|r8_\w{20,}|tvly-[\w-]{16,}`,
  // SendGrid
  String.raw`SG\.[\w-]{16,}\.[\w-]{16,}`,
];

const API_KEY = new RegExp(KEYS.join("|"), "g");

/** Of the shortest key, its prefix included. */
const MIN_LENGTH = 15;
const ALPHANUMERIC = /[A-Za-z0-9]/;

/** Where a word goes on, as in `desk-…`, it is no prefix. Asked last: it would slow the search down. */
export const apiKeys: PatternRule = (text) => {
  if (!hasRun(text, MIN_LENGTH)) return text;
  return text.replace(API_KEY, (found, at: number) =>
    at > 0 && ALPHANUMERIC.test(text.charAt(at - 1)) ? found : redacted("api_key"),
  );
};
