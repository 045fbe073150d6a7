/** What a `Host` header, or an address to listen on, is made of. */
const HOST = /^[a-z0-9._:[\]-]+$/i;

/** `127.0.0.0/8`, also as an IPv6 address, and `::1`, in the one spelling that a URL gives them. */
const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|\[::1\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\])$/;

/** True if nobody but this machine reaches a server that listens on `listenHost`. */
export function isLoopbackHost(listenHost: string): boolean {
  return isLocal(hostnameOf(addressOf(listenHost)));
}

/**
 * True if a request with this `Host` may be answered by a server that listens on `listenHost`. A server on loopback
 * answers to local names only: a page of the internet could otherwise read it by a name of its own that resolves to
 * loopback (DNS rebinding).
 */
export function isAllowedHost(hostHeader: string | null, listenHost: string): boolean {
  if (!isLoopbackHost(listenHost)) return true;
  if (hostHeader === null) return true;
  const name = hostnameOf(hostHeader);
  return isLocal(name) || (name !== undefined && name === hostnameOf(addressOf(listenHost)));
}

function isLocal(hostname: string | undefined): boolean {
  return hostname !== undefined && (hostname === "localhost" || LOOPBACK.test(hostname));
}

/** An IPv6 address to listen on has no brackets. */
function addressOf(listenHost: string): string {
  return listenHost.includes(":") && !listenHost.startsWith("[") ? `[${listenHost}]` : listenHost;
}

/** The name in one spelling, without a port: an address has many, e.g. `127.1` or `::ffff:127.0.0.1`. */
function hostnameOf(host: string): string | undefined {
  const url = `http://${host}`;
  if (!HOST.test(host) || !URL.canParse(url)) return undefined;
  return new URL(url).hostname.replace(/\.$/, "");
}
