/** Puts a property on one instance without changing what `Object.keys` and `JSON.stringify` show of it. */
export function setOwn(target: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(target, key, hidden(value));
}

/** A property that `Object.keys` and `JSON.stringify` don't show. */
export function hidden(value: unknown): PropertyDescriptor {
  return { value, writable: true, configurable: true, enumerable: false };
}

export type Method = (this: unknown, ...args: never[]) => unknown;

/** The method of that name, if there is one. */
export function methodOf(target: object, key: PropertyKey): Method | undefined {
  const value: unknown = Reflect.get(target, key);
  return typeof value === "function" ? (value as Method) : undefined;
}

export function invoke(method: Method, target: unknown, args: readonly unknown[]): unknown {
  return Reflect.apply(method as (...args: unknown[]) => unknown, target, args);
}

/** The accessor or value behind `key`, own or inherited. */
export function findDescriptor(target: object, key: PropertyKey): PropertyDescriptor | undefined {
  for (let at: object | null = target; at !== null; at = Reflect.getPrototypeOf(at)) {
    const descriptor = Reflect.getOwnPropertyDescriptor(at, key);
    if (descriptor) return descriptor;
  }
  return undefined;
}
