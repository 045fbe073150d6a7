import { queryField } from "../../config/index.ts";
import { idFrom } from "../../events/index.ts";
import type { Entry, RecentMap } from "../../retention/index.ts";
import type { CallTotals } from "./call-totals.ts";
import { checkPageQuery, pageOf } from "./page.ts";
import type { SessionFields } from "./session-fields.ts";
import type { SessionMetrics } from "./session-metrics.ts";
import type { SessionState } from "./session-state.ts";

export interface Records {
  readonly sessions: RecentMap<SessionState>;
  readonly users: RecentMap<CallTotals>;
  /** Of all sessions. */
  readonly all: CallTotals;
  readonly fields: SessionFields;
}

/** What can be asked of the records, and that one is forgotten. */
export function sessionQueries({
  sessions,
  users,
  all,
  fields,
}: Records): Omit<SessionMetrics, "addField" | "restore"> {
  return {
    get(given) {
      const id = idOf(given);
      return sessions.get(id)?.toRecord(id, fields.byName);
    },
    list(query = {}) {
      checkPageQuery(query, { requests: queryField.flag });
      const { entries, ...page } = pageOf(sessions, query);
      const toRecord = ({ key, value }: Entry<SessionState>) =>
        value.toRecord(key, fields.byName, query.requests ?? true);
      return { sessions: entries.map(toRecord), ...page };
    },
    totals() {
      const count = sessions.size;
      const { first_activity: _first, last_activity: _last, ...totals } = all.toRecord();
      return { count, ...totals };
    },
    clear(given) {
      const id = idOf(given);
      const state = sessions.get(id);
      if (state !== undefined) all.subtract(state.totals);
      return sessions.delete(id);
    },
    user(given) {
      const id = idOf(given);
      const totals = users.get(id);
      return totals && { user_id: id, ...totals.toRecord() };
    },
    users(query = {}) {
      checkPageQuery(query);
      const { entries, ...page } = pageOf(users, query);
      const toRecord = ({ key, value }: Entry<CallTotals>) => ({
        user_id: key,
        ...value.toRecord(),
      });
      return { users: entries.map(toRecord), ...page };
    },
  };
}

/** As it is in events; what can't be one there is the empty one, which nothing has. */
function idOf(given: string): string {
  return idFrom(given) ?? "";
}
