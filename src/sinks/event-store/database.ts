/** One row as the driver gives it. */
export type Row = Readonly<Record<string, unknown>>;

/** An open PostgreSQL: a connection to a server, or the embedded one. */
export interface Database {
  /**
   * Runs one statement, or a script if there are no parameters. Bounded in time: by `limitMs`, or as the store is
   * configured.
   * @throws whatever the driver throws; `code` is the SQLSTATE if the database itself refused
   */
  query(sql: string, parameters?: readonly unknown[], limitMs?: number): Promise<readonly Row[]>;
  /** False once the connection is gone. */
  readonly usable: boolean;
  /** Told how many rows were deleted: their room is used again; missing: the server sees to it by itself. */
  reclaim?(deleted: number): Promise<void>;
  /** Bounded in time; never rejects. */
  close(): Promise<void>;
}

/** Opens a database of which nobody knows yet whether it has our tables. Bounded in time. */
export type OpenDatabase = () => Promise<Database>;
