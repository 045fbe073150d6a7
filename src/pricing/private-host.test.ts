import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPrivateHost } from "./private-host.ts";

/** As the observed call has it: by way of a URL. */
const hostOf = (url: string) => new URL(url).hostname;

describe("private", () => {
  it.each([
    "http://localhost:11434",
    "http://LOCALHOST.",
    "http://ollama:11434",
    "http://model.localhost",
    "http://gpu.local",
    "http://vllm.default.svc.cluster.local",
    "http://host.docker.internal",
    "http://box.lan",
    "http://box.home.arpa",
    "http://api.test",
    "http://127.0.0.1",
    "http://127.1",
    "http://0x7f000001",
    "http://0.0.0.0",
    "http://10.1.2.3",
    "http://100.64.0.1",
    "http://169.254.169.254",
    "http://172.16.0.1",
    "http://172.31.255.255",
    "http://192.168.1.1",
    "http://[::1]",
    "http://[::]",
    "http://[0:0:0:0:0:0:0:1]",
    "http://[fc00::1]",
    "http://[fd12:3456:789a::1]",
    "http://[fe80::1]",
    "http://[febf::1]",
    "http://[::ffff:127.0.0.1]",
    "http://[::ffff:10.0.0.1]",
    "http://[::FFFF:192.168.0.1]",
  ])("is %s", (url) => {
    expect(isPrivateHost(hostOf(url))).toBe(true);
  });

  it("is a mapped address in dotted form, and one without brackets", () => {
    expect(isPrivateHost("::ffff:127.0.0.1")).toBe(true);
    expect(isPrivateHost("::1")).toBe(true);
  });
});

describe("not private", () => {
  it.each([
    "https://api.openai.com",
    "https://localhost.evil.example",
    "https://127.0.0.1.evil.example",
    "https://10.0.0.1.nip.io",
    "https://mylocal.example",
    "https://internal.example.com",
    "https://notlocalhost.com",
    "https://xlocal.dev",
    "http://11.0.0.1",
    "http://100.63.0.1",
    "http://100.128.0.1",
    "http://172.15.0.1",
    "http://172.32.0.1",
    "http://192.169.0.1",
    "http://169.253.0.1",
    "http://[2001:db8::1]",
    "http://[fc::1]",
    "http://[fd::1]",
    "http://[fe8::1]",
    "http://[fec0::1]",
    "http://[::ffff:8.8.8.8]",
    "http://[1::ffff:127.0.0.1]",
    "http://[::2]",
  ])("is %s", (url) => {
    expect(isPrivateHost(hostOf(url))).toBe(false);
  });
});

it("says the same of an IPv4 address and of its IPv6 form", () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      expect(isPrivateHost(hostOf(`http://[::ffff:${address}]`))).toBe(isPrivateHost(address));
    }),
  );
});
