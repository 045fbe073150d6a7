import { createSseScanner } from "../wire/index.ts";

/** The `data` of each event of a response, as it comes. Leaving the loop cancels the response. */
export async function* readServerSentEvents(response: Response): AsyncGenerator<string> {
  if (response.body === null) return;
  let ready: string[] = [];
  const scanner = createSseScanner((payload) => {
    ready.push(Buffer.from(payload, "latin1").toString("utf8"));
  });
  for await (const bytes of response.body) {
    scanner.push(bytes as Uint8Array);
    yield* ready;
    ready = [];
  }
  scanner.end();
  yield* ready;
}
