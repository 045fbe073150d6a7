import type { Redactor } from "./redactor.ts";
import { base64Mark } from "./rules/encoded-data.ts";
import { redacted } from "./rules/pattern-rule.ts";

/** How deep a value is followed. */
const MAX_DEPTH = 32;
/** Fields and items that are looked at, in all. */
const MAX_NODES = 10_000;
/** What a field or an item costs of the limit beside its text: quotes and separators. Characters. */
const NODE_COST = 4;

/** Fields that hold a name, and those that hold what it is the name of. */
const LABELS = ["name", "key", "header", "field"];
const HELD = new Set(["value", "values"]);

const CUT = "…";

/**
 * A value as JSON can hold it, `maxCharacters` long or a little more: the fields with secret names replaced whole, and
 * every text, names included, put through the rules.
 * @throws what the redactor throws, and what a getter or a `toJSON` of the value throws
 */
export function redactValue(
  value: unknown,
  redactor: Redactor,
  maxCharacters: number,
): RedactedValue {
  const redaction = new ValueRedaction(redactor, maxCharacters);
  const result = redaction.redact(value, 0);
  return {
    value: result,
    characters: maxCharacters - redaction.charactersLeft,
    isCut: redaction.isCut,
  };
}

/** What may be seen of a value. */
export interface RedactedValue {
  readonly value: unknown;
  /** About how long it is as JSON. */
  readonly characters: number;
  /** Something of it was left out for its length. */
  readonly isCut: boolean;
}

class ValueRedaction {
  charactersLeft: number;
  isCut = false;
  readonly #redactor: Redactor;
  #nodesLeft = MAX_NODES;

  constructor(redactor: Redactor, maxCharacters: number) {
    this.#redactor = redactor;
    this.charactersLeft = maxCharacters;
  }

  redact(value: unknown, depth: number): unknown {
    this.#spend(NODE_COST);
    switch (typeof value) {
      case "string":
        return this.#text(value);
      case "number":
        return Number.isFinite(value) ? this.#number(value) : null;
      case "bigint":
        return this.#text(String(value));
      case "boolean":
        return value;
      case "object":
        return value === null ? null : this.#object(value, depth);
      default:
        return undefined;
    }
  }

  #object(value: object, depth: number): unknown {
    if (depth >= MAX_DEPTH || this.#exhausted) return this.#cut();
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
      return base64Mark(value.byteLength);
    if (Array.isArray(value)) return this.#list(value, depth);
    if (value instanceof Map) return this.#fields([...value], depth);
    if (value instanceof Set) return this.#list([...value], depth);
    if (value instanceof Error) return this.#fields([["name", value.name]], depth);
    const toJson: unknown = Reflect.get(value, "toJSON");
    if (typeof toJson === "function") {
      const json: unknown = Reflect.apply(toJson, value, [""]);
      return this.redact(json, depth + 1);
    }
    return this.#fields(Object.entries(value), depth, this.#isLabelled(value));
  }

  /** Names a secret in one field, to hold it in another: `{name: "password", value: …}`. */
  #isLabelled(value: object): boolean {
    return LABELS.some((label) => {
      const name: unknown = Reflect.get(value, label);
      return typeof name === "string" && this.#redactor.isSecretKey(name);
    });
  }

  #list(items: readonly unknown[], depth: number): unknown[] {
    const result: unknown[] = [];
    const [name, secret] = items;
    // as headers come: `["authorization", …]`
    if (items.length === 2 && typeof name === "string" && this.#redactor.isSecretKey(name)) {
      return [this.#text(name), this.#secret(secret)];
    }
    for (const item of items) {
      if (this.#exhausted) return [...result, this.#cut()];
      result.push(this.redact(item, depth + 1) ?? null);
    }
    return result;
  }

  #fields(
    entries: readonly (readonly [unknown, unknown])[],
    depth: number,
    isLabelled = false,
  ): object {
    const result: [string, unknown][] = [];
    for (const [key, value] of entries) {
      if (this.#exhausted) {
        result.push([CUT, this.#cut()]);
        break;
      }
      const name = String(key);
      const shown = this.#text(name);
      const isSecret = this.#redactor.isSecretKey(name) || (isLabelled && HELD.has(name));
      const rest = isSecret ? this.#secret(value) : this.redact(value, depth + 1);
      if (rest !== undefined) result.push([shown, rest]);
    }
    // not by assignment: a field may be called `__proto__`
    return Object.fromEntries(result);
  }

  #secret(value: unknown): unknown {
    this.#spend(NODE_COST);
    return value === null || value === undefined ? value : redacted("key");
  }

  #text(text: string): string {
    if (text === "") return text;
    if (this.#exhausted) return this.#cut();
    const result = this.#redactor.text(text, this.charactersLeft);
    this.charactersLeft -= result.text.length;
    this.isCut ||= result.isCut;
    return result.text;
  }

  /** A card number may be a number. */
  #number(value: number): unknown {
    const text = String(value);
    const result = this.#text(text);
    return result === text ? value : result;
  }

  #cut(): string {
    this.isCut = true;
    return CUT;
  }

  #spend(characters: number): void {
    this.#nodesLeft -= 1;
    this.charactersLeft -= characters;
  }

  get #exhausted(): boolean {
    return this.#nodesLeft <= 0 || this.charactersLeft <= 0;
  }
}
