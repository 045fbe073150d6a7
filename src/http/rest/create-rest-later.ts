import { type Diagnostics, loadLater } from "../../diagnostics/index.ts";
import type { RestPorts } from "./ports.ts";
import type { Rest } from "./create-rest.ts";

export interface RestOptions {
  readonly rest: RestPorts;
  readonly diagnostics: Diagnostics;
}

export interface RestLater {
  (): Promise<Rest>;
  /** Does nothing before the first request. */
  close(): Promise<void>;
}

/** The REST API with all that describes it, loaded for its first request: a scrape of the metrics needs none of it. */
export function createRestLater({ rest, diagnostics }: RestOptions): RestLater {
  let closed = false;
  let loading: Promise<Rest> | undefined;
  const load = loadLater("rest", start, diagnostics);

  async function start(): Promise<Rest> {
    const { createRest } = await import("./create-rest.ts");
    const created = createRest(rest, diagnostics);
    if (closed) created.close();
    return created;
  }

  return Object.assign(() => (loading ??= load()), {
    async close() {
      closed = true;
      await loading?.then((loaded) => loaded.close()).catch(() => {});
    },
  });
}
