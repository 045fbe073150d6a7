import type { Database, OpenDatabase } from "./database.ts";

interface Shared {
  readonly opening: Promise<Database>;
  users: number;
}

/** One open database for several users, for a kind that can be open once only; the last who leaves closes it. */
export function shareDatabase(open: OpenDatabase): OpenDatabase {
  let current: Shared | undefined;

  function forget(shared: Shared): void {
    if (current === shared) current = undefined;
  }

  async function leave(shared: Shared, database: Database): Promise<void> {
    shared.users -= 1;
    // what broke must be closed before the next can be opened, though somebody else still holds it
    if (shared.users > 0 && database.usable) return;
    forget(shared);
    await database.close();
  }

  return async () => {
    const shared = (current ??= { opening: open(), users: 0 });
    shared.users += 1;
    try {
      return handleOf(await shared.opening, (database) => leave(shared, database));
    } catch (error) {
      forget(shared);
      throw error;
    }
  };
}

function handleOf(database: Database, leave: (database: Database) => Promise<void>): Database {
  let leaving: Promise<void> | undefined;
  return {
    query: (...statement) => database.query(...statement),
    get usable() {
      return database.usable;
    },
    ...(database.reclaim && { reclaim: async (deleted) => database.reclaim?.(deleted) }),
    close: () => (leaving ??= leave(database)),
  };
}
