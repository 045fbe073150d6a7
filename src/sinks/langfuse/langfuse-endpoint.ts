export interface LangfuseCredentials {
  readonly publicKey: string;
  readonly secretKey: string;
  /** e.g. `https://cloud.langfuse.com`; a path in it is kept. */
  readonly baseUrl: string;
}

/** Where spans go, and with which headers. */
export interface LangfuseEndpoint {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The OTLP/HTTP endpoint of Langfuse: JSON, because it answers protobuf with JSON too. */
export function langfuseEndpoint(credentials: LangfuseCredentials): LangfuseEndpoint {
  return {
    url: langfuseUrl(credentials, "/api/public/otel/v1/traces"),
    headers: {
      ...langfuseAuthorization(credentials),
      // without it, Langfuse Cloud shows spans with a delay of ten minutes or more
      "x-langfuse-ingestion-version": "4",
    },
  };
}

export function langfuseAuthorization({ publicKey, secretKey }: LangfuseCredentials): {
  readonly authorization: string;
} {
  return {
    authorization: `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString("base64")}`,
  };
}

export function langfuseUrl({ baseUrl }: LangfuseCredentials, path: string): string {
  return `${baseUrl.replace(/\/+$/, "")}${path}`;
}
