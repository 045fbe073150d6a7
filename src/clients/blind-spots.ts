import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { CallStore } from "../calls/index.ts";
import type { Diagnostics } from "../diagnostics/index.ts";
import { providerByHost } from "./provider-by-host.ts";

/** Hosts that are remembered; an application talks to a handful, a crawler to any number. */
const MAX_REMEMBERED = 512;

const HTTPS_PORT = 443;

export interface BlindSpotOptions {
  readonly store: Pick<CallStore, "accounted">;
  readonly diagnostics: Pick<Diagnostics, "uninstrumented" | "warnOnce">;
}

/**
 * Counts HTTP requests to known providers that went past every observed client and `fetch`, and says once what to do.
 * It sees what `fetch`, undici and `node:http(s)` publish about each request; the requests themselves are untouched.
 * Returns what ends it.
 *
 * A request is told from others by the async context that sends it. One that waits in a pool with a limit on its
 * connections (`new Agent({ connections })`) is sent in the context of another, and can be mistaken for it.
 */
export function watchBlindSpots({ store, diagnostics }: BlindSpotOptions): () => void {
  const hosts = new Hosts();

  function sentTo(address: string): void {
    const known = hosts.find(address);
    if (known === undefined || store.accounted) return;
    diagnostics.uninstrumented(known.provider);
    diagnostics.warnOnce("blind-spots", "uninstrumented", advice(known.host));
  }

  const undici = watch("undici:request:create", (request) => sentTo(String(request["origin"])));
  const http = watch("http.client.request.start", (request) => sentTo(String(request["host"])));
  return () => {
    undici();
    http();
  };
}

/** Nothing that `seen` throws reaches the channel, which would end the process with it. */
function watch(channel: string, seen: (request: Record<string, unknown>) => void): () => void {
  function onMessage(message: unknown): void {
    try {
      // both channels document `{ request }`
      seen((message as { request: Record<string, unknown> }).request);
    } catch {
      // another shape of message: a request that can't be told
    }
  }
  subscribe(channel, onMessage);
  return () => unsubscribe(channel, onMessage);
}

interface KnownHost {
  readonly host: string;
  readonly provider: string;
}

/** Origin or host name → provider. All that other traffic costs is one look-up here. */
class Hosts {
  readonly #known = new Map<string, KnownHost | null>();

  find(address: string): KnownHost | undefined {
    let known = this.#known.get(address);
    if (known === undefined) {
      known = resolve(address);
      if (this.#known.size >= MAX_REMEMBERED) this.#known.clear();
      this.#known.set(address, known);
    }
    return known ?? undefined;
  }
}

function resolve(address: string): KnownHost | null {
  const host = address.includes("://") ? new URL(address).hostname : address;
  // by name alone: a port is no proof, and Ollama's is on loopback
  const provider = providerByHost(host, HTTPS_PORT);
  return provider === undefined ? null : { host, provider };
}

function advice(host: string): string {
  return (
    `a request to ${host} was made by nothing that is observed: it has no span, no cost and no metrics. ` +
    "Use observe(client), give the SDK obs.fetch, or start Node.js with --import @rlm-toolkit/observability/register, " +
    "which observes the global fetch. Further ones are only counted, in rlm_uninstrumented_requests_total."
  );
}
