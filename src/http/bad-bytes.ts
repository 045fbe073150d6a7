import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { PROBLEM_CONTENT_TYPE, type ProblemKind, problemKinds, problemText } from "./problem.ts";

const KIND_BY_CODE: Readonly<Record<string, ProblemKind>> = {
  HPE_HEADER_OVERFLOW: "headers-too-large",
  ERR_HTTP_REQUEST_TIMEOUT: "request-timeout",
};

/** Answers what never became a request, as everything else is answered, and ends the connection. */
export function answerBadBytes(server: Server): void {
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex) => {
    // a connection of this server; once it has carried an answer, another one could end up in the middle of it
    const { bytesWritten } = socket as Socket;
    if (!socket.writable || bytesWritten > 0) return void socket.destroy();
    socket.end(rawProblem(KIND_BY_CODE[error.code ?? ""] ?? "malformed-request"));
    // what the client still sends is of no interest, and must not keep the connection
    socket.once("finish", () => socket.destroy());
  });
}

function rawProblem(kind: ProblemKind): string {
  const { status, title } = problemKinds[kind];
  const body = problemText(kind);
  return (
    `HTTP/1.1 ${status} ${title}\r\nConnection: close\r\nX-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n` +
    `Content-Type: ${PROBLEM_CONTENT_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  );
}
