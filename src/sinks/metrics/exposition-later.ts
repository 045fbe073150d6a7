import { type Diagnostics, loadLater } from "../../diagnostics/index.ts";
import type { Exposition, ExpositionOptions } from "./exposition.ts";

/**
 * The exposition, with prom-client loaded for the first page. The metrics of the process are collected from there on,
 * and never in a process that nobody scrapes.
 */
export function createExpositionLater(
  options: ExpositionOptions,
  diagnostics: Diagnostics,
): Exposition {
  let opened: Exposition | undefined;
  let closed = false;

  async function open(): Promise<Exposition> {
    const { createExposition } = await import("./exposition.ts");
    opened = createExposition(closed ? { ...options, process: false } : options);
    return opened;
  }
  const exposition = loadLater("metrics", open, diagnostics);

  return {
    text: async () => (await exposition()).text(),
    openMetrics: async () => (await exposition()).openMetrics(),
    close() {
      closed = true;
      opened?.close();
    },
  };
}
