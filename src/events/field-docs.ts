/** What the events page says of one field. */
export interface FieldDoc {
  /** A word of JSON, or one of `objectDocs`; a list of them with `[]`. */
  readonly type: string;
  readonly doc: string;
  readonly optional?: true;
}

/** Exactly the fields of `T`, each optional or not as it is in `T`: drift is a compile error. */
export type FieldDocs<T> = {
  readonly [K in keyof T & string]-?: object extends Pick<T, K>
    ? FieldDoc & { readonly optional: true }
    : FieldDoc & { readonly optional?: never };
};

/** What the events page says of one type. */
export interface EventDoc<T> {
  /** Completes "Published …". */
  readonly published: string;
  readonly data: FieldDocs<T>;
}

export function field(type: string, doc: string): FieldDoc & { readonly optional?: never } {
  return { type, doc };
}

export function optional(type: string, doc: string): FieldDoc & { readonly optional: true } {
  return { type, doc, optional: true };
}

/** In every event that is about something an application does. */
export const CONTEXT_DOC = field(
  "CallContext",
  "Session, user, tags and metadata set by the application.",
);
