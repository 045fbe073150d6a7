#!/usr/bin/env node
import { runCommand } from "./run-command.ts";

// `rlm-obs … | head`: nobody reads any more, so there is nothing left to do
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  process.stderr.write(
    `rlm-obs: the output could not be written (${error.code ?? error.message})\n`,
  );
  process.exit(2);
});

// not `process.exit`: what was written to a pipe must arrive
process.exitCode = await runCommand(process.argv.slice(2), process);
