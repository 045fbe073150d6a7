import type { IncomingMessage, ServerResponse } from "node:http";

/** What Fastify hands to a route's handler, as far as it matters here. */
export interface FastifyLikeRequest {
  readonly raw: IncomingMessage;
  readonly ip?: string;
  readonly routeOptions?: { readonly url?: string | undefined };
}

/** What Fastify hands to a route's handler to answer with. */
export interface FastifyLikeReply {
  readonly raw: ServerResponse;
  hijack(): unknown;
}

/**
 * Every page and route for servers made of `node:http`: as Express middleware, as a handler of Fastify, or called with
 * request and response. With `next`, what is no path of ours is left to it.
 */
export interface NodeHandler {
  (request: IncomingMessage, response: ServerResponse, next?: (error?: unknown) => void): void;
  (request: FastifyLikeRequest, reply: FastifyLikeReply): void;
}
