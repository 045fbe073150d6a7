import { isIP, isIPv6 } from "node:net";

/** True for loopback, private and link-local addresses and names: nobody bills for what answers there. */
export function isPrivateHost(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, "").replace(/\.$/, "");
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
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1];
  if (mapped !== undefined) return isPrivateIpv4(mapped);
  return address === "::1" || address === "::" || /^f[cd]/.test(address) || /^fe[89ab]/.test(address);
}
