/** Why a value is refused, and where inside it. */
export interface Refusal {
  /** Names that lead to the place; none: the value as a whole. */
  readonly path: readonly string[];
  /** The place holds a field that there is none of. */
  readonly isUnknownField?: true;
}

/** A value as an option holds it, or why it can't. */
export type Checked<T> = { readonly value: T } | { readonly refused: Refusal };

export type Check<T> = (value: unknown) => Checked<T>;

const REFUSED = { refused: { path: [] } } as const;

/** What `accepts` says yes to, as it is. */
export function when<T>(accepts: (value: unknown) => value is T): Check<T> {
  return (value) => (accepts(value) ? { value } : REFUSED);
}

/** A text that `accepts` says yes to, without the white space around it. */
export function trimmedText(accepts: (text: string) => boolean): Check<string> {
  return (value) => {
    const text = typeof value === "string" ? value.trim() : undefined;
    return text !== undefined && accepts(text) ? { value: text } : REFUSED;
  };
}

export function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** A whole number from `min` to `max`, both included. */
export function isWholeNumber(min: number, max: number): (value: unknown) => value is number {
  return (value): value is number =>
    typeof value === "number" && Number.isSafeInteger(value) && value >= min && value <= max;
}

/** A list of such values, copied. */
export function listOf<T>(check: Check<T>): Check<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value)) return REFUSED;
    const list: T[] = [];
    for (const item of value) {
      const checked = check(item);
      // which item it is helps nobody who has the list before them
      if ("refused" in checked) return REFUSED;
      list.push(checked.value);
    }
    return { value: list };
  };
}

/** An object of any names that `acceptsName` says yes to, copied. */
export function recordOf<T>(
  acceptsName: (name: string) => boolean,
  check: Check<T>,
): Check<Readonly<Record<string, T>>> {
  return (value) => {
    if (!isPlainObject(value)) return REFUSED;
    const entries: [string, T][] = [];
    for (const [name, field] of Object.entries(value)) {
      const checked = acceptsName(name) ? check(field) : REFUSED;
      if ("refused" in checked) return within(name, checked.refused);
      entries.push([name, checked.value]);
    }
    return { value: Object.fromEntries(entries) };
  };
}

/** An object with all of the `required` fields, maybe `optional` ones, and no other, copied. */
export function fieldsOf<T, Required extends string, Optional extends string>(
  { required, optional }: { required: readonly Required[]; optional: readonly Optional[] },
  check: Check<T>,
): Check<Readonly<Record<Required, T>> & { readonly [Name in Optional]?: T }> {
  const names: ReadonlySet<string> = new Set([...required, ...optional]);
  const record = recordOf(() => true, check);
  return (value) => {
    if (!isPlainObject(value)) return REFUSED;
    const missing = required.find((name) => value[name] === undefined);
    if (missing !== undefined) return within(missing, REFUSED.refused);
    const unknown = Object.keys(value).find((name) => !names.has(name));
    if (unknown !== undefined) return { refused: { path: [unknown], isUnknownField: true } };
    const given = Object.entries(value).filter(([, field]) => field !== undefined);
    // every required field is there, and no other than these: checked above
    return record(Object.fromEntries(given)) as Checked<Record<Required, T> & Record<Optional, T>>;
  };
}

export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function within(name: string, refusal: Refusal): { readonly refused: Refusal } {
  return { refused: { ...refusal, path: [name, ...refusal.path] } };
}
