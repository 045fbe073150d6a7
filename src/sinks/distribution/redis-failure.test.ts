import { describe, expect, it } from "vitest";
import { ObservabilityError } from "../../errors/index.ts";
import { RedisFailure } from "./redis-failure.ts";

function replyError(message: string, previousErrors?: Error[]): Error {
  return Object.assign(new Error(message), { name: "ReplyError", previousErrors });
}

const reasonOf = (error: unknown) => RedisFailure.from(error).reason;

describe("the reason", () => {
  it("is the code of an answer", () => {
    expect(reasonOf(replyError("NOAUTH Authentication required."))).toBe("NOAUTH");
    expect(reasonOf(replyError("it is none of your business"))).toBe("refused");
  });

  it("of a transaction is that of the command that spoiled it", () => {
    const oom = replyError("OOM command not allowed");
    expect(reasonOf(replyError("EXECABORT Transaction discarded", [oom]))).toBe("OOM");
    expect(reasonOf(replyError("EXECABORT Transaction discarded", []))).toBe("EXECABORT");
  });

  it("is the code of a connection that failed", () => {
    const refused = Object.assign(new Error("connect 10.0.0.7"), { code: "ECONNREFUSED" });
    expect(reasonOf(refused)).toBe("ECONNREFUSED");
    expect(reasonOf(new Error("Connection is closed."))).toBe("closed");
  });

  it("of anything else is its kind, never its text", () => {
    expect(reasonOf(new TypeError("user:s3cret"))).toBe("TypeError");
    expect(reasonOf("user:s3cret")).toBe("string");
  });
});

describe("the advice", () => {
  it("names what to look at", () => {
    expect(RedisFailure.from(replyError("WRONGPASS s3cret")).advice).toBe(
      "WRONGPASS; check user and password in RLM_EVENTS_REDIS",
    );
    expect(new RedisFailure("timeout").advice).toBe("timeout; check RLM_EVENTS_REDIS");
  });
});

it("a missing package is final, all else is tried again", () => {
  const missing = new ObservabilityError("PEER_MISSING", "npm install ioredis");
  expect(RedisFailure.from(missing)).toMatchObject({ reason: "PEER_MISSING", isFinal: true });
  expect(RedisFailure.from(new Error("x")).isFinal).toBe(false);
});
