const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const ID_SPACE = 1_000_000;

/**
 * The id of a panel, from its slug (FNV-1a): it stays the same when panels are added or moved, so that links
 * from alerts keep pointing at it. `finish()` refuses a dashboard in which two slugs meet.
 */
export function panelId(slug: string): number {
  let hash = FNV_OFFSET;
  for (const character of slug) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), FNV_PRIME);
  }
  return ((hash >>> 0) % ID_SPACE) + 1;
}
