import { describe, expect, it } from "vitest";
import { createEvent, serializeEvent } from "../../../events/index.ts";
import { parseTailFlags } from "./tail-flags.ts";
import { tailEvents } from "./tail-events.ts";

const AT_MS = Date.UTC(2026, 10, 20, 12);

function sent(name: string): string {
  const event = createEvent("system_alert", { name, severity: "info", message: "" }, AT_MS);
  return `id: ${name}\nevent: system_alert\ndata: ${serializeEvent(event)}\n\n`;
}

const line = (name: string) =>
  `12:00:00.000 system_alert               name=${name} severity=info message=""\n`;

type Answer = string | number | Error;

/** `rlm-obs events tail` with these answers, one for each connection; the last one stays open. */
async function tail(answers: readonly Answer[], args: readonly string[] = []) {
  const flags = parseTailFlags(args);
  if (flags === "help") throw new Error("no help asked for");
  const controller = new AbortController();
  const seen = { stdout: "", stderr: "", requests: [] as unknown[], waits: [] as number[] };
  const left = [...answers];
  const fetch: typeof globalThis.fetch = async (url, init) => {
    const { signal, headers } = init ?? {};
    seen.requests.push({ url: url instanceof URL ? url.href : url, headers });
    const answer = left.shift() ?? "";
    if (answer instanceof Error) throw new TypeError("fetch failed", { cause: answer });
    if (typeof answer === "number") return new Response("secret details", { status: answer });
    return new Response(bodyOf(answer, left.length === 0, signal), {
      headers: { "content-type": "text/event-stream" },
    });
  };
  await tailEvents(flags, {
    stdout: { write: (text) => (seen.stdout += text) },
    stderr: { write: (text) => (seen.stderr += text) },
    signal: controller.signal,
    fetch,
    sleep: async (ms) => {
      seen.waits.push(ms);
      if (seen.waits.length > 20) controller.abort();
    },
    token: "t".repeat(16),
  });
  return seen;
}

function bodyOf(text: string, staysOpen: boolean, signal: AbortSignal | null | undefined) {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text));
      if (!staysOpen) controller.close();
      signal?.addEventListener("abort", () => controller.error(signal.reason), { once: true });
    },
  });
}

const HEADERS = { accept: "text/event-stream", authorization: `Bearer ${"t".repeat(16)}` };
const URL_OF_STREAM = "http://127.0.0.1:9464/events/stream";

describe("rlm-obs events tail", () => {
  it("shows events as they come, and asks after a loss for what it missed", async () => {
    const gap = 'event: gap\ndata: {"reason":"unknown_last_event_id","lost":null}\n\n';
    const seen = await tail(
      [`retry: 100\n\n${sent("a")}`, new Error("reset"), 503, gap + sent("b")],
      ["--count", "2"],
    );
    expect(seen).toEqual({
      stdout: line("a") + line("b"),
      stderr:
        "rlm-obs: connection lost (the stream ended); again in 0.1 s\n" +
        "rlm-obs: connection lost (reset); again in 0.2 s\n" +
        "rlm-obs: connection lost (it answered 503); again in 0.4 s\n" +
        "rlm-obs: events may be missing here (unknown_last_event_id)\n",
      requests: [
        { url: URL_OF_STREAM, headers: HEADERS },
        ...Array.from({ length: 3 }, () => ({
          url: URL_OF_STREAM,
          headers: { ...HEADERS, "last-event-id": "a" },
        })),
      ],
      waits: [100, 200, 400],
    });
  });

  it("waits half a minute at the most, and no longer than is asked for after a success", async () => {
    const down = Array.from({ length: 6 }, () => new Error("down"));
    const seen = await tail([sent("a"), ...down, sent("b"), sent("c")], ["--count", "3"]);
    expect(seen.waits).toEqual([3_000, 6_000, 12_000, 24_000, 30_000, 30_000, 30_000, 3_000]);
  });

  it("prints whole events with --json, and asks for those that are wanted", async () => {
    const args = ["--json", "--count", "1", "--url", "http://[::1]:1/obs/", "--session", "s&1"];
    const seen = await tail(
      [sent("a")],
      [...args, "--type", "system_alert", "--type", "hitl_timeout", "--category", "agent"],
    );
    expect(JSON.parse(seen.stdout)).toMatchObject({ schemaVersion: 1, data: { name: "a" } });
    expect(seen.requests).toMatchObject([
      {
        url: "http://[::1]:1/obs/events/stream?type=system_alert%2Chitl_timeout&category=agent&session_id=s%261",
      },
    ]);
  });

  it.each<[Answer, string]>([
    [
      new Error("refused"),
      "No event stream from http://127.0.0.1:9464: refused. Is the application",
    ],
    [503, "No event stream from http://127.0.0.1:9464: it answered 503. "],
    [
      401,
      `${URL_OF_STREAM} answered 401 and no event stream. It asks for a token: set RLM_SERVER_TOKENS`,
    ],
    [404, `${URL_OF_STREAM} answered 404 and no event stream. Is this the address`],
    [200, `${URL_OF_STREAM} answered 200 and no event stream. Is this the address`],
  ])("says what to do when the first answer is %s", async (answer, message) => {
    await expect(tail([answer])).rejects.toMatchObject({
      code: "STREAM_REFUSED",
      message: expect.stringContaining(message),
    });
  });

  it("gives up when it comes back and is refused", async () => {
    await expect(tail([sent("a"), 403])).rejects.toMatchObject({ code: "STREAM_REFUSED" });
  });
});
