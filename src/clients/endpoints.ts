import { type WireReader, wireReaders } from "../wire/index.ts";
import { apiName } from "./api-name.ts";
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

/** A request that is of no wire format. */
interface Unread {
  readonly reader?: undefined;
  /** By host; `undefined` for one that is not known. */
  readonly provider: string | undefined;
  /** One of a few words, e.g. `files`. */
  readonly api: string;
}

/** URL → what it is, remembered, since an application calls the same few. */
export class Endpoints {
  readonly #known = new Map<string, Endpoint | Unread | null>();

  /** `undefined`: not an LLM call we know. */
  find(method: string, url: string): Endpoint | undefined {
    const known = this.#resolve(method, url);
    return known?.reader && known;
  }

  /** What is not of any wire format; `undefined` for what is, and for what is no URL. */
  findUnread(method: string, url: string): Unread | undefined {
    const known = this.#resolve(method, url);
    return known === null || known.reader ? undefined : known;
  }

  #resolve(method: string, url: string): Endpoint | Unread | null {
    const key = `${method} ${url}`;
    let known = this.#known.get(key);
    if (known === undefined) {
      known = resolve(method, url);
      if (this.#known.size >= MAX_REMEMBERED) this.#known.clear();
      this.#known.set(key, known);
    }
    return known;
  }
}

function resolve(method: string, url: string): Endpoint | Unread | null {
  if (!URL.canParse(url)) return null;
  const { pathname, hostname, port, protocol } = new URL(url);
  // an SDK that asks what its `fetch` can do fetches `data:,`
  if (protocol !== "http:" && protocol !== "https:") return null;
  const reader = wireReaders.find((candidate) => candidate.matches(method, pathname));
  const portNumber = port === "" ? (protocol === "http:" ? 80 : 443) : Number(port);
  const byHost = providerByHost(hostname, portNumber);
  if (reader === undefined) return { provider: byHost, api: apiName(pathname) };
  return {
    reader,
    pathname,
    host: hostname,
    port: portNumber,
    provider: byHost ?? reader.provider ?? "openai",
    knownHost: byHost !== undefined,
  };
}
