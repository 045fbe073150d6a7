export interface RateLimiterOptions {
  /** Requests that one client may make in a minute; all of them at once, if it likes. */
  readonly perMinute: number;
  /** Clients that are remembered at the most; the one seen longest ago is forgotten first. */
  readonly maxClients?: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** Seconds that `client` has to wait before it may ask; 0: it has just asked. */
export type RateLimiter = (client: string) => number;

const MAX_CLIENTS = 1_000;
const MINUTE_MS = 60_000;

interface Bucket {
  tokens: number;
  atMs: number;
}

/** A token bucket for each client. Nothing ticks: what has flown in is seen when the client asks again. */
export function createRateLimiter(options: RateLimiterOptions): RateLimiter {
  const { perMinute, maxClients = MAX_CLIENTS, now } = options;
  /** Asked longest ago first. */
  const buckets = new Map<string, Bucket>();

  function bucketOf(client: string, nowMs: number): Bucket {
    const known = buckets.get(client);
    buckets.delete(client);
    if (known === undefined && buckets.size >= maxClients) forgetOldest(buckets);
    const elapsedMs = nowMs - (known?.atMs ?? nowMs);
    const tokens = (known?.tokens ?? perMinute) + (elapsedMs * perMinute) / MINUTE_MS;
    const bucket = { tokens: Math.min(tokens, perMinute), atMs: nowMs };
    buckets.set(client, bucket);
    return bucket;
  }

  return (client) => {
    const bucket = bucketOf(clientKey(client), now());
    if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) * MINUTE_MS) / perMinute / 1_000);
    bucket.tokens -= 1;
    return 0;
  };
}

function forgetOldest(buckets: Map<string, Bucket>): void {
  for (const client of buckets.keys()) return void buckets.delete(client);
}

/** Who has one IPv6 address has all of its network; an address that is IPv4 in disguise is one for itself. */
function clientKey(address: string): string {
  if (!address.includes(":") || address.includes(".")) return address;
  const [head = "", tail] = address.split("%")[0]?.split("::") ?? [];
  const first = head === "" ? [] : head.split(":");
  const last = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length);
  return [...first, ...Array<string>(zeros).fill("0"), ...last].slice(0, 4).join(":");
}
