import { LabelLimiter } from "../../redaction/index.ts";

/** One object of figures for each name. The names are bounded: those past the limit are counted together as `other`. */
export class NamedCounts<C extends object> {
  readonly limiter: LabelLimiter;
  readonly #counts = new Map<string, C>();
  readonly #create: () => C;

  constructor(maxNames: number, create: () => C) {
    this.limiter = new LabelLimiter(["name"], maxNames);
    this.#create = create;
  }

  of(name: string): C {
    return this.#counts.get(name) ?? this.#admit(name);
  }

  /** As far as the name is known. */
  find(name: string): C | undefined {
    return this.#counts.get(name);
  }

  entries(): readonly (readonly [name: string, counts: C])[] {
    return [...this.#counts];
  }

  #admit(name: string): C {
    const [admitted = name] = this.limiter.admit([name]);
    let counts = this.#counts.get(admitted);
    if (counts === undefined) this.#counts.set(admitted, (counts = this.#create()));
    return counts;
  }
}
