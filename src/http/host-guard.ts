import { isIP } from "node:net";

/** Names under which a server on loopback may be asked. */
const LOCAL_NAMES = new Set(["localhost", "127.0.0.1", "[::1]", "::1"]);

/**
 * True if a request with this `Host` may be answered by a server that listens on `listenHost`. A server on loopback
 * answers to local names only: a page of the internet could otherwise read it by a name of its own that resolves to
 * loopback (DNS rebinding).
 */
export function isAllowedHost(hostHeader: string | null, listenHost: string): boolean {
  if (!isLoopback(listenHost)) return true;
  if (hostHeader === null) return true;
  const name = hostHeader.toLowerCase().replace(/:\d+$/, "");
  return LOCAL_NAMES.has(name) || name === listenHost.toLowerCase() || isLoopbackIpv4(name);
}

function isLoopback(host: string): boolean {
  return LOCAL_NAMES.has(host.toLowerCase()) || isLoopbackIpv4(host);
}

function isLoopbackIpv4(host: string): boolean {
  return isIP(host) === 4 && host.startsWith("127.");
}
