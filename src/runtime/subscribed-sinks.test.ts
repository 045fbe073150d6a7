import { beforeEach, expect, it } from "vitest";
import { createEventBus, type EventBus } from "../bus/index.ts";
import { createDiagnostics } from "../diagnostics/index.ts";
import { createEvent, type QueuedSink } from "../events/index.ts";
import { SubscribedSinks } from "./subscribed-sinks.ts";

const event = createEvent("system_started", { version: "1" }, 0);

let bus: EventBus;
let log: string[];

beforeEach(() => {
  bus = createEventBus(createDiagnostics({ write: () => {} }));
  log = [];
});

/** Fields on the prototype, as a sink that is a class may have them. */
class SlowSink implements QueuedSink {
  readonly #handled: Promise<void>;
  constructor(handled: Promise<void>) {
    this.#handled = handled;
  }
  get name() {
    return "slow";
  }
  get queue() {
    return {};
  }
  async handle() {
    await this.#handled;
    log.push("handled");
  }
  async forceFlush() {
    log.push("flushed");
  }
  async shutdown() {
    log.push("closed");
  }
}

it("a sink has what waits in its queue before it is flushed and closed", async () => {
  const sinks = new SubscribedSinks(bus, [new SlowSink(Promise.resolve())], 10_000);
  bus.publish(event);
  await sinks.forceFlush();
  bus.publish(event);
  bus.publish(event);
  await sinks.shutdown();
  expect(log).toEqual(["handled", "flushed", "handled", "handled", "closed"]);
});

it("a sink whose handler hangs is flushed and closed when its time is over", async () => {
  const sinks = new SubscribedSinks(bus, [new SlowSink(new Promise(() => {}))], 5);
  bus.publish(event);
  await sinks.forceFlush();
  await sinks.shutdown();
  expect(log).toEqual(["flushed", "closed"]);
});
