/** What `startOtel()` needs of the resolved configuration. */
export interface OtelConfig {
  readonly serviceName: string;
  readonly serviceVersion: string | undefined;
  readonly environment: string | undefined;
  readonly otlp: {
    readonly enabled: boolean;
    readonly endpoint: string | undefined;
    readonly tracesEndpoint: string | undefined;
    readonly headers: Readonly<Record<string, string>>;
    readonly timeoutMs: number;
    readonly maxQueueSize: number;
  };
  readonly langfuse: OtelLangfuseConfig;
}

export interface OtelLangfuseConfig {
  readonly publicKey: string | undefined;
  readonly secretKey: string | undefined;
  readonly baseUrl: string;
  readonly release: string | undefined;
  readonly timeoutMs: number;
  readonly maxQueueSize: number;
}
