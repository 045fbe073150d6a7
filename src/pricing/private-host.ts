import { isIP, isIPv6 } from "node:net";

/** True for loopback, private and link-local addresses and names: nobody bills for what answers there. */
export function isPrivateHost(host: string): boolean {
  const name = host
    .toLowerCase()
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "");
  if (isIP(name) !== 0) return isIPv6(name) ? isPrivateIpv6(name) : isPrivateIpv4(name);
  return (
    name === "localhost" ||
    !name.includes(".") ||
    /\.(localhost|local|internal|lan|home\.arpa|test)$/.test(name)
  );
}

function isPrivateIpv4(address: string): boolean {
  const [a = 0, b = 0] = address.split(".").map(Number);
  return (
    a === 0 ||
    a === 10 ||
    a === 127 ||
    (a === 100 && b >= 64 && b < 128) ||
    (a === 169 && b === 254) ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168)
  );
}

function isPrivateIpv6(address: string): boolean {
  const ipv4 = mappedIpv4(address);
  if (ipv4 !== undefined) return isPrivateIpv4(ipv4);
  return (
    address === "::1" ||
    address === "::" ||
    /^f[cd][0-9a-f]{2}:/.test(address) ||
    /^fe[89ab][0-9a-f]:/.test(address)
  );
}

/** `::ffff:127.0.0.1`, which a URL writes as `::ffff:7f00:1`. */
function mappedIpv4(address: string): string | undefined {
  const dotted = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1];
  if (dotted !== undefined) return dotted;
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address) ?? [];
  if (high === undefined || low === undefined) return undefined;
  const bytes = [high, low].flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 255];
  });
  return bytes.join(".");
}
