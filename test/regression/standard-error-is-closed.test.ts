import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const INDEX = new URL("../../dist/index.js", import.meta.url).href;
const PROGRAM = `
  import { createServer } from "node:http";
  import { createObservability } from ${JSON.stringify(INDEX)};
  process.stdin.once("data", async () => {
    const taken = createServer().listen(0, "127.0.0.1", async () => {
      const obs = createObservability({ server: { port: taken.address().port }, log: { destination: "off" } });
      await obs.ready();
      await obs.shutdown();
      taken.close();
      console.log("still here");
      process.exit(0);
    });
  });
`;

test("a problem that is reported to a closed standard error does not end the program", async () => {
  const child = spawn(process.execPath, ["--input-type=module", "-e", PROGRAM], {
    cwd: fileURLToPath(new URL("../../", import.meta.url)),
    stdio: ["pipe", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.destroy();
  child.stdin.end("go\n");

  const code = await new Promise((resolve) => child.once("close", resolve));

  expect(output).toContain("still here");
  expect(code).toBe(0);
});
