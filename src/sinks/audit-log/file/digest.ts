import { createHmac, createSecretKey, hash } from "node:crypto";

export type Algorithm = "sha256" | "hmac-sha256";

/** What ties a record to the one before it. */
export interface Digest {
  readonly algorithm: Algorithm;
  /** Tells keys apart without telling the key; missing for plain SHA-256. */
  readonly keyId?: string;
  /** 64 hex digits. */
  readonly of: (payload: string | Uint8Array) => string;
}

const KEY_ID_DIGITS = 16;

/** With a key nobody can make records without it; without one, anybody who can write the file can. */
export function createDigest(key: string | undefined): Digest {
  if (key === undefined) return { algorithm: "sha256", of: (payload) => hash("sha256", payload) };
  const secret = createSecretKey(key, "utf8");
  const of = (payload: string | Uint8Array) =>
    createHmac("sha256", secret).update(payload).digest("hex");
  return {
    algorithm: "hmac-sha256",
    keyId: of("rlm-obs audit key id").slice(0, KEY_ID_DIGITS),
    of,
  };
}
