/**
 * Misses that are known: shown as such in the table, and no reason to fail. One that is not there any more is: it
 * has to be taken off this list.
 *
 * @typedef {object} KnownMiss
 * @property {string} scenario
 * @property {"T" | "O"} side
 * @property {RegExp} subject
 * @property {RegExp} way The name of the variant, such as `node 20 esm observe otel:own`.
 * @property {string} reason
 */

/** @type {readonly KnownMiss[]} */
export const knownMisses = [
  {
    scenario: "F02-prototype",
    side: "O",
    subject: /^fetch$/,
    way: /./,
    reason:
      "an answer read by a method taken from Response.prototype is not seen: the methods of this one Response are tapped, not everybody's",
  },
];
