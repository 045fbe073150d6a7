import { Agent } from "node:http";
import { afterEach, expect, test } from "vitest";
import { startHttpServer } from "../../../test/support/http-server.ts";
import { postOnce } from "./http-post.ts";

const agent = new Agent({ keepAlive: true });

afterEach(() => {
  agent.destroy();
});

function post(url: string) {
  const signal = AbortSignal.timeout(5_000);
  return postOnce({ url: new URL(url), headers: {}, body: Buffer.from("{}"), agent, signal });
}

test("a kept connection that the server closes at once is no failure: another one is taken", async () => {
  const connections = new Set<number | undefined>();
  await using server = await startHttpServer((request, response) => {
    const port = request.socket.remotePort;
    if (connections.has(port)) request.socket.destroy();
    else response.end();
    connections.add(port);
  });
  for (let round = 0; round < 3; round += 1) {
    expect(await post(server.url)).toMatchObject({ status: 200 });
  }
  expect(server.bodies).toHaveLength(5);
});

test("a new connection that is closed is a failure", async () => {
  await using server = await startHttpServer((request) => void request.socket.destroy());
  await expect(post(server.url)).rejects.toMatchObject({ reason: "ECONNRESET" });
  expect(server.bodies).toHaveLength(1);
});
