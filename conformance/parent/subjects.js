/**
 * An SDK in one version.
 *
 * @typedef {object} Subject
 * @property {string} id
 * @property {"openai" | "anthropic" | "ollama" | "fetch"} family
 * @property {string} [specifier] Its name where it is loaded from.
 * @property {string} [install] Exact version that is installed on demand; missing: a development dependency of this package.
 * @property {string} [shim] What makes the SDK use the global `fetch`, which it would not otherwise.
 * @property {number} [fromNode] First major of Node.js that the SDK says it supports.
 */

/** @type {readonly Subject[]} Oldest supported to newest. */
export const subjects = [
  {
    id: "openai-4.19",
    family: "openai",
    specifier: "openai-4-oldest",
    shim: "openai-4-oldest/shims/web",
  },
  { id: "openai-4", family: "openai", specifier: "openai-4", shim: "openai-4/shims/web" },
  { id: "openai-5", family: "openai", specifier: "openai-5" },
  { id: "openai-6", family: "openai", specifier: "openai" },
  { id: "openai-7", family: "openai", specifier: "openai-7" },
  {
    id: "anthropic-0.30",
    family: "anthropic",
    specifier: "@anthropic-ai/sdk",
    install: "@anthropic-ai/sdk@0.30.0",
    shim: "@anthropic-ai/sdk/shims/web",
  },
  { id: "anthropic-1", family: "anthropic", specifier: "@anthropic-ai/sdk" },
  { id: "ollama-0.5", family: "ollama", specifier: "ollama", install: "ollama@0.5.0" },
  { id: "ollama-0.6", family: "ollama", specifier: "ollama" },
  { id: "fetch", family: "fetch" },
];
