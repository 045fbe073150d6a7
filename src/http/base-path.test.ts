import { expect, it } from "vitest";
import { pathBelow, publicBasePath } from "./base-path.ts";
import type { Mount } from "./request-origin.ts";

const express: Mount = { path: "/observability", stripped: true };
const fastify: Mount = { path: "/observability", stripped: false };

it.each<[string, Mount | undefined, string | undefined, string, string]>([
  ["/events/stats", undefined, undefined, "/events/stats", ""],
  ["/observability/events/stats", undefined, "/observability", "/events/stats", "/observability"],
  ["/events/stats", undefined, "/observability", "/events/stats", "/observability"],
  ["/observability", undefined, "/observability", "/", "/observability"],
  ["/observabilityx", undefined, "/observability", "/observabilityx", "/observability"],
  ["/events/stats", express, undefined, "/events/stats", "/observability"],
  ["/observability/x", express, "/other", "/observability/x", "/observability"],
  ["/observability/events/stats", fastify, undefined, "/events/stats", "/observability"],
  ["/a/events/stats", { path: "", stripped: false }, "/a", "/a/events/stats", "/a"],
])("%s mounted as %j and told %j is %s below %j", (path, mount, basePath, below, told) => {
  const origin = mount ? { mount } : {};
  expect(pathBelow(new Request(`http://x${path}?a=1`), origin, basePath)).toBe(below);
  expect(publicBasePath(origin, basePath)).toBe(told);
});

it("leaves escapes as they are", () => {
  expect(pathBelow(new Request("http://x/a/b%2Fc%20d"), {}, "/a")).toBe("/b%2Fc%20d");
});
