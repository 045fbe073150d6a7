/**
 * One thing that applications do, and what is to be reported of it.
 *
 * @typedef {object} Scenario
 * @property {string} id Number in the checklist, and a word.
 * @property {string} title What stays the same.
 * @property {readonly import("../child/provider.js").Answer[]} [answers] What the provider says, in order; the last one stays.
 * @property {(app: import("../child/app.js").App) => unknown} app The application. All that it can see, it returns or logs.
 * @property {readonly Report[]} [reports] The operations that are to be reported, in order of their start.
 *   Missing: only what the application sees is checked.
 * @property {readonly Report[] | ((subject: { version: string }) => readonly Report[] | undefined)} [whenRegistered]
 *   The same where only the global `fetch` is observed, and it differs.
 * @property {Record<string, string>} [unclassified] Requests that are no LLM operation: by the name of their API, what
 *   their path holds.
 * @property {(subject: { version: string }, sdk: any) => string | undefined} [needs] Why this SDK can't do it, if so.
 * @property {string} [notRegistered] Why it can't be done by an application that is not edited.
 * @property {boolean} [keepsProvider] The connection is left open until all is told.
 * @property {string} [under] Name of the application's span that those of the calls are children of.
 * @property {number} [limitMs] What it may take; default 45 seconds.
 * @property {boolean} [once] It takes long, and runs in one way only: ES module, observed, no tracer provider of the application's.
 *
 * @typedef {object} Report
 * @property {string} operation
 * @property {string} outcome
 * @property {string} [errorType]
 * @property {readonly string[]} attempts Results of the HTTP calls.
 */

/** What a scenario expects of a field when anything will do. */
export const ANY = "*";
