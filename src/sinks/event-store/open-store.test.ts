import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { blamesData, describeError, isPermanent } from "./database-error.ts";
import { pgliteOpener } from "./pglite/pglite-database.ts";
import { postgresOpener } from "./postgres/postgres-database.ts";
import { storeLocation } from "./store-location.ts";

const missing = () => {
  throw new Error("Cannot find package");
};

it("names the package to install when it is not there, and touches nothing", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rlm-peer-"));
  const openers = [
    pgliteOpener({ folder, timeoutMs: 1_000, onUnsynced: () => {}, find: missing }),
    postgresOpener({ url: "postgres://u:p@h/d", timeoutMs: 1_000, load: async () => missing() }),
  ];
  const errors = await Promise.all(openers.map((open) => open().catch((error: unknown) => error)));
  expect(errors).toMatchObject([
    {
      code: "PEER_MISSING",
      message:
        "An event store in a folder needs the optional package `@electric-sql/pglite`: npm install @electric-sql/pglite",
    },
    {
      code: "PEER_MISSING",
      message: "An event store in PostgreSQL needs the optional package `pg`: npm install pg",
    },
  ]);
  expect(errors.map((error) => isPermanent(error))).toEqual([true, true]);
  expect(await readdir(folder)).toEqual([]);
  await rm(folder, { recursive: true });
});

it.each([
  ["./events", { kind: "folder", path: join(process.cwd(), "events") }],
  ["postgresql://h/d", { kind: "server", url: "postgresql://h/d", secret: undefined }],
  ["POSTGRES://u:a%40b@h/d", { kind: "server", url: "POSTGRES://u:a%40b@h/d", secret: "a@b" }],
  ["postgres://u:%zz@h/d", { kind: "server", url: "postgres://u:%zz@h/d", secret: "%zz" }],
])("%s is a folder or a server", (text, location) => {
  expect(storeLocation(text)).toEqual(location);
});

it("tells data that is refused from everything else", () => {
  const withCode = (code: unknown) => Object.assign(new Error("x"), { code });
  const codes = ["22P05", "23502", "54000", "53100", "57014", "08006", "EPIPE", "2", 22_000];
  expect(codes.filter((code) => blamesData(withCode(code)))).toEqual(["22P05", "23502", "54000"]);
  expect(blamesData("22P05")).toBe(false);
});

it("describes an error in a line, without the password", () => {
  const several = new AggregateError([new Error("connect ECONNREFUSED ::1:5432"), new Error("b")]);
  expect(describeError(several, undefined)).toBe("connect ECONNREFUSED ::1:5432");
  const leaky = Object.assign(new Error("bad p4ss for u\ndetail"), { code: "28P01" });
  expect(describeError(leaky, "p4ss")).toBe("bad *** for u (28P01)");
  expect(describeError("p4ss", "p4ss")).toBe("unknown error");
});
