/** Every path that is served, with its methods; `HEAD` comes with `GET`. */
export const servedPaths = {
  "/": ["GET"],
  "/metrics": ["GET"],
  "/healthz": ["GET"],
  "/openapi.json": ["GET"],
  "/events/metrics": ["GET"],
  "/events/metrics/sessions": ["GET"],
  "/events/metrics/session/:id": ["GET", "DELETE"],
  "/events/audit-log": ["GET"],
  "/events/stats": ["GET"],
  "/events/stream": ["GET"],
} as const satisfies Record<string, readonly ("GET" | "DELETE")[]>;

export type ServedPath = keyof typeof servedPaths;

const SESSION = /^\/events\/metrics\/session\/[^/]+$/;

/** The methods of a path; `undefined`: nothing is there. */
export function methodsOf(path: string): readonly string[] | undefined {
  if (SESSION.test(path)) return servedPaths["/events/metrics/session/:id"];
  return path.includes(":") || !Object.hasOwn(servedPaths, path)
    ? undefined
    : servedPaths[path as ServedPath];
}
