import { afterAll, beforeAll } from "vitest";

import { describeEventStore } from "../support/event-store-contract.ts";
import { describeWith } from "./binaries.ts";
import { startPostgres, type Postgres } from "./postgres.ts";

describeWith(["postgres"], "the event store in a real PostgreSQL", () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  describeEventStore("PostgreSQL", () => postgres.createDatabase());
});
