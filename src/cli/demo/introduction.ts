import type { ServerStatus } from "../../runtime/observability.ts";
import type { DemoProvider, Environment } from "./provider.ts";
import { row } from "./summary.ts";

export interface IntroductionOptions {
  readonly status: ServerStatus;
  readonly serviceUrl: string;
  readonly provider: DemoProvider;
  readonly ratePerSecond: number;
  readonly environment: Environment;
}

/** What is printed before anything happens: where things are, and what to do with them. */
export function introduction(options: IntroductionOptions): string {
  const { status, serviceUrl, provider, ratePerSecond, environment } = options;
  const chat = `'{"session":"me","message":"Hello","stream":true}'`;
  return [
    "RLM-Toolkit Observability: demo",
    "",
    ...addressRows(status),
    row("chat", `${serviceUrl}/chat`),
    row("provider", describeProvider(provider)),
    row("traces", describeTraces(environment)),
    row("langfuse", describeLangfuse(environment)),
    row("traffic", `${ratePerSecond} requests a second`),
    "",
    "Try it yourself:",
    ...(status.url ? [`  curl -s ${status.url}/metrics | grep ^rlm_`] : []),
    `  curl -N ${serviceUrl}/chat -d ${chat}`,
    "Dashboards: `docker compose up`, then http://localhost:3000. Stop the demo with Ctrl-C.",
    "",
    "",
  ].join("\n");
}

function addressRows(status: ServerStatus): string[] {
  switch (status.state) {
    case "listening":
      return [row("metrics", `${status.url}/metrics`), row("health", `${status.url}/healthz`)];
    case "disabled":
      return [row("metrics", "not served (RLM_SERVER_ENABLED=false)")];
    case "failed":
      return [
        row("metrics", `not served: ${status.error ?? "the server did not start"}`),
        row("", "The demo goes on. Free the port, or start it with --port 0 for any free one."),
      ];
  }
}

function describeProvider({ kind, baseUrl = "https://api.openai.com/v1", models }: DemoProvider) {
  if (kind === "simulated") return `${baseUrl} (simulated; set OPENAI_API_KEY for a real one)`;
  const names = models.map(({ model }) => model).join(", ");
  return `${baseUrl} (real, ${names}: every request costs money, so few and short ones are sent)`;
}

function describeTraces(environment: Environment): string {
  const endpoint =
    environment["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] || environment["OTEL_EXPORTER_OTLP_ENDPOINT"];
  return endpoint
    ? `sent to ${withoutCredentials(endpoint)}`
    : "not sent (OTEL_EXPORTER_OTLP_ENDPOINT)";
}

function describeLangfuse(environment: Environment): string {
  const isOn = environment["LANGFUSE_PUBLIC_KEY"] && environment["LANGFUSE_SECRET_KEY"];
  return isOn ? "on" : "off (LANGFUSE_PUBLIC_KEY, LANGFUSE_SECRET_KEY)";
}

function withoutCredentials(address: string): string {
  if (!URL.canParse(address)) return "an address that isn't a URL";
  const { origin, pathname } = new URL(address);
  return `${origin}${pathname}`.replace(/\/$/, "");
}
