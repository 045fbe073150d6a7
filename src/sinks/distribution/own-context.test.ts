import { AsyncLocalStorage } from "node:async_hooks";
import { context, trace } from "@opentelemetry/api";
import { isTracingSuppressed } from "@opentelemetry/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { TestContextManager } from "../../../test/support/context-manager.ts";
import { createOwnContext } from "./own-context.ts";

beforeEach(() => void context.setGlobalContextManager(new TestContextManager()));
afterEach(() => context.disable());

it("leaves the call behind that is under way, its span and whatever the application keeps by it", async () => {
  const requests = new AsyncLocalStorage<string>();
  const own = createOwnContext();
  const look = async () => {
    await Promise.resolve();
    const active = context.active();
    return [requests.getStore(), trace.getSpan(active), isTracingSuppressed(active)];
  };
  const span = trace.wrapSpanContext({
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    traceFlags: 1,
  });
  const inCall = trace.setSpan(context.active(), span);
  await requests.run("request-1", () =>
    context.with(inCall, async () => {
      expect(await own(look)).toEqual([undefined, undefined, true]);
      expect(await look()).toEqual(["request-1", span, false]);
    }),
  );
});
