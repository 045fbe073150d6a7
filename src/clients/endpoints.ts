import { type WireReader, wireReaders } from "../wire/index.ts";
import { providerByHost } from "./provider-by-host.ts";

/** URLs that are remembered; an application calls a handful. */
const MAX_REMEMBERED = 256;

/** Where a call goes, and who can read it. */
export interface Endpoint {
  readonly reader: WireReader;
  readonly pathname: string;
  readonly host: string;
  readonly port: number;
  /** By host, or else by wire format. */
  readonly provider: string;
  /** The host is a known provider's: the path is enough to tell an LLM call. */
  readonly knownHost: boolean;
}

/** URL → endpoint, remembered, since an application calls the same few. `undefined`: not an LLM call we know. */
export class Endpoints {
  readonly #known = new Map<string, Endpoint | null>();

  find(method: string, url: string): Endpoint | undefined {
    const key = `${method} ${url}`;
    let endpoint = this.#known.get(key);
    if (endpoint === undefined) {
      endpoint = resolve(method, url);
      if (this.#known.size >= MAX_REMEMBERED) this.#known.clear();
      this.#known.set(key, endpoint);
    }
    return endpoint ?? undefined;
  }
}

function resolve(method: string, url: string): Endpoint | null {
  if (!URL.canParse(url)) return null;
  const { pathname, hostname, port, protocol } = new URL(url);
  const reader = wireReaders.find((candidate) => candidate.matches(method, pathname));
  if (reader === undefined) return null;
  const portNumber = port === "" ? (protocol === "http:" ? 80 : 443) : Number(port);
  const byHost = providerByHost(hostname, portNumber);
  return {
    reader,
    pathname,
    host: hostname,
    port: portNumber,
    provider: byHost ?? reader.provider ?? "openai",
    knownHost: byHost !== undefined,
  };
}
