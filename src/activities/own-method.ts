import { setOwn } from "../taps/index.ts";

export type Method = (...args: unknown[]) => unknown;

/** The method of that name, ready to be called; undefined if there is none. */
export function boundMethod(target: object, key: PropertyKey): Method | undefined {
  const value: unknown = Reflect.get(target, key);
  return isMethod(value) ? (...args) => Reflect.apply(value, target, args) : undefined;
}

/** Puts a method on one instance, unseen by `Object.keys` and `JSON.stringify`. Throws where that is not allowed. */
export function setMethod(target: object, key: PropertyKey, value: Method): void {
  setOwn(target, key, value);
}

export function isMethod(value: unknown): value is Method {
  return typeof value === "function";
}
