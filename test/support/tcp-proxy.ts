import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A network that fails when told to, between a client and a server on loopback. */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  /** Connections accepted since the start. */
  readonly accepted: number;
  /** Ends every connection at once, as a reset does; the next ones are let through. */
  cut(): void;
  /** Takes what comes, new connections too, and lets nothing through, until `resume()`; those before then stay dead. */
  hang(): void;
  resume(): void;
  /** Lets the next request with `word` in it through, and cuts its connection before the answer gets back. */
  cutBeforeAnswerTo(word: string): void;
}

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  let hangs = false;
  let cutWord: string | undefined;

  function cut(): void {
    for (const socket of sockets) socket.destroy();
  }

  function keep(socket: Socket): Socket {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    return socket.on("error", () => {});
  }

  const server = createServer((socket) => {
    accepted += 1;
    const client = keep(socket);
    let isDead = hangs;
    let isDoomed = false;
    const target = keep(connect(targetPort, "127.0.0.1"));
    client.on("data", (data) => {
      isDead ||= hangs;
      if (isDead) return;
      if (cutWord !== undefined && data.includes(cutWord)) {
        cutWord = undefined;
        isDoomed = true;
      }
      target.write(data);
    });
    target.on("data", (data) => {
      isDead ||= hangs;
      if (isDoomed) client.destroy();
      else if (!isDead) client.write(data);
    });
    client.on("close", () => target.destroy());
    target.on("close", () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    // it listens on an address
    port: (server.address() as AddressInfo).port,
    get accepted() {
      return accepted;
    },
    cut,
    hang: () => (hangs = true),
    resume: () => (hangs = false),
    cutBeforeAnswerTo: (word) => (cutWord = word),
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      cut();
      await closed;
    },
  };
}
