import type { Database } from "./database.ts";
import { blamesData } from "./database-error.ts";

const APPEND = "select rlm_append_events($1::jsonb)";

/**
 * Writes rows in their order, each once however often it is tried: the id decides. One that the database refuses is found by
 * halving, so that it takes none of the others with it.
 * @returns how many were refused
 * @throws whatever is not the fault of a row; the whole may be tried again
 */
export async function appendBatch(database: Database, rows: readonly string[]): Promise<number> {
  if (rows.length === 0) return 0;
  try {
    await database.query(APPEND, [`[${rows.join(",")}]`]);
    return 0;
  } catch (error) {
    if (!blamesData(error)) throw error;
  }
  if (rows.length === 1) return 1;
  const half = Math.ceil(rows.length / 2);
  const refused = await appendBatch(database, rows.slice(0, half));
  return refused + (await appendBatch(database, rows.slice(half)));
}
