import type { RequestOrigin } from "./request-origin.ts";

/** The path of a request below the place where the routes are mounted, not decoded. */
export function pathBelow(
  request: Request,
  { mount }: Pick<RequestOrigin, "mount">,
  basePath = "",
): string {
  const { pathname } = new URL(request.url);
  const prefix = mount ? (mount.stripped ? "" : mount.path) : basePath;
  if (pathname === prefix) return "/";
  return pathname.startsWith(`${prefix}/`) ? pathname.slice(prefix.length) : pathname;
}

/** Where a client finds the routes, empty for the root; `basePath` where the framework tells nothing. */
export function publicBasePath({ mount }: Pick<RequestOrigin, "mount">, basePath = ""): string {
  return mount ? mount.path || basePath : basePath;
}
