import type { LookupFunction } from "node:net";

/** A look-up by which every name is this machine: a URL may name a provider, and no request leaves. */
export const lookupLoopback: LookupFunction = (_host, options, done) => {
  if (options.all === true) done(null, [{ address: "127.0.0.1", family: 4 }]);
  else done(null, "127.0.0.1", 4);
};

type Agent = new (options: { connect: { lookup: LookupFunction } }) => object;

/** The same for `fetch(url, { dispatcher })`. Node.js shows its undici only after a first request, here to `url`. */
export async function dispatcherTo(url: string): Promise<object> {
  await (await fetch(url)).text();
  const current: object = Reflect.get(globalThis, Symbol.for("undici.globalDispatcher.1"));
  return new (current.constructor as Agent)({ connect: { lookup: lookupLoopback } });
}
