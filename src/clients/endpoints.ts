import { isPrivateHost } from "../pricing/index.ts";
import { type WireReader, wireReaders } from "../wire/index.ts";
import { apiName } from "./api-name.ts";
import { type NamedProviders, providerByHost } from "./provider-by-host.ts";

/** A public host that nobody knows: it may answer in OpenAI's format, and is not OpenAI for that. */
const UNKNOWN_PROVIDER = "unknown";

/** URLs that are remembered; an application calls a handful. */
const MAX_REMEMBERED = 256;

/** Where a call goes, and who can read it. */
export interface Endpoint {
  readonly reader: WireReader;
  readonly pathname: string;
  readonly host: string;
  readonly port: number;
  /** By host; of a private one by wire format; `unknown` for any other. */
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
  readonly #named: NamedProviders | undefined;

  constructor(named?: NamedProviders) {
    this.#named = named;
  }

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
      known = resolve(method, url, this.#named);
      if (this.#known.size >= MAX_REMEMBERED) this.#known.clear();
      this.#known.set(key, known);
    }
    return known;
  }
}

function resolve(
  method: string,
  url: string,
  named: NamedProviders | undefined,
): Endpoint | Unread | null {
  if (!URL.canParse(url)) return null;
  const { pathname, hostname, port, protocol } = new URL(url);
  // an SDK that asks what its `fetch` can do fetches `data:,`
  if (protocol !== "http:" && protocol !== "https:") return null;
  const reader = wireReaders.find((candidate) => candidate.matches(method, pathname));
  const portNumber = port === "" ? (protocol === "http:" ? 80 : 443) : Number(port);
  const byHost = providerByHost(hostname, portNumber, named, pathname);
  if (reader === undefined) return { provider: byHost, api: apiName(pathname) };
  return {
    reader,
    pathname,
    host: hostname,
    port: portNumber,
    provider: byHost ?? providerByFormat(reader, hostname),
    knownHost: byHost !== undefined,
  };
}

/** Whose software answers in this format, where that says anything. */
function providerByFormat({ provider = "openai", selfHosted }: WireReader, host: string): string {
  return selfHosted === true || isPrivateHost(host) ? provider : UNKNOWN_PROVIDER;
}
