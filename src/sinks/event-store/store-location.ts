import { resolve } from "node:path";

/** Where events are kept: a folder (PGlite) or a server (PostgreSQL). */
export type StoreLocation =
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "server"; readonly url: string; readonly secret: string | undefined };

/** Reads the option `events.store`, which was checked. */
export function storeLocation(text: string): StoreLocation {
  if (!/^postgres(ql)?:\/\//i.test(text)) return { kind: "folder", path: resolve(text) };
  const { password } = new URL(text);
  return { kind: "server", url: text, secret: password === "" ? undefined : unescaped(password) };
}

function unescaped(password: string): string {
  try {
    return decodeURIComponent(password);
  } catch {
    return password;
  }
}
