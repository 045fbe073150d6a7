import { parseArgs } from "node:util";
import { versionIn } from "./peers.js";

export const help = `CPU time that observing adds to one call: npm run bench -- [options]

  --rounds <count>   rounds that are counted, default 15
  --peers <folder>   measure other instrumentations too, as far as installed in <folder>,
                     and all subjects with the openai client from there. To install them:

  npm i --prefix <folder> openai@6 @opentelemetry/api @opentelemetry/instrumentation \\
    @opentelemetry/sdk-trace-node @opentelemetry/sdk-trace-base \\
    @opentelemetry/exporter-trace-otlp-http @opentelemetry/instrumentation-openai \\
    @traceloop/instrumentation-openai @arizeai/openinference-instrumentation-openai \\
    @langfuse/openai @langfuse/otel openlit
`;

/** Options of the command line. Throws with a message for the user when they can't be used. */
export function parseOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: "string", default: "15" },
      peers: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`--rounds must be a count of at least 1, not "${values.rounds}"`);
  }
  if (values.peers !== undefined && versionIn(values.peers, "openai") === undefined) {
    throw new Error(`--peers: no openai is installed in "${values.peers}"`);
  }
  return { help: values.help, rounds, folder: values.peers };
}
