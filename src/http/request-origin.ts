/** How a request came in; a `Request` itself doesn't tell. */
export interface RequestOrigin {
  /**
   * `loopback`: the package's own server, which nobody but this machine reaches · `network`: that server, bound
   * elsewhere · `mount`: a server of the application, and nobody knows what that is bound to.
   */
  readonly via: "loopback" | "network" | "mount";
  /** A server on loopback was asked for by a name of somewhere else: that is for who shows a token alone. */
  readonly foreignHost?: boolean;
  /** Who asks, for the rate limit: an address, where one is known. */
  readonly client?: string | undefined;
  /** Where the routes are mounted, as the framework tells it. */
  readonly mount?: Mount;
  /** Breaks the connection of a client that takes nothing more. */
  disconnect?(): void;
}

/** A place in another server. */
export interface Mount {
  /** E.g. `/observability`; empty at the root. */
  readonly path: string;
  /** The framework has taken the path off the request's URL already. */
  readonly stripped: boolean;
}

/** Answers a request; never rejects. */
export type Answer = (request: Request, origin: RequestOrigin) => Promise<Response>;
