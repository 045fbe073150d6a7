import { loadLater } from "../diagnostics/index.ts";
import type { App } from "./app.ts";
import type { HandlerOptions } from "./handler-options.ts";
import { problem } from "./problem.ts";
import type { Answer } from "./request-origin.ts";
import { secured } from "./security-headers.ts";

export interface Handler {
  readonly answer: Answer;
  /** Ends the streams; what is asked for afterwards is answered still. */
  close(): Promise<void>;
}

/** Every page and route. What they are made of is loaded for the first request. */
export function createHandler(options: HandlerOptions): Handler {
  let closed = false;
  let loading: Promise<App> | undefined;
  const load = loadLater("server", () => loadApp(options), options.diagnostics);

  async function loadApp(handlerOptions: HandlerOptions): Promise<App> {
    const { createApp } = await import("./app.ts");
    const app = await createApp(handlerOptions);
    if (closed) await app.close();
    return app;
  }

  return {
    async answer(request, origin) {
      try {
        return await (await (loading ??= load())).answer(request, origin);
      } catch {
        return secured(problem("internal"));
      }
    },
    async close() {
      closed = true;
      await loading?.then((app) => app.close()).catch(() => {});
    },
  };
}
