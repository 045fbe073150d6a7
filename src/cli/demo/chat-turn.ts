import { parseObject } from "../../wire/index.ts";

/** The body of `POST /chat`. */
export interface ChatTurn {
  readonly session: string;
  readonly message: string;
  readonly user?: string;
  /** Default: the service's own. */
  readonly model?: string;
  /** Answer piece by piece, as plain text. */
  readonly stream: boolean;
  /** Let agents with tools answer; plain answers only. */
  readonly assisted?: boolean;
  /** Stop reading the model's answer after so much text; streams only. */
  readonly maxCharacters?: number;
}

/** Reads a body. Nothing: it isn't JSON, or lacks `session` or `message`. */
export function parseChatTurn(text: string): ChatTurn | undefined {
  const { session, message, user, model, stream, assisted, maxCharacters } =
    parseObject(text) ?? {};
  if (typeof session !== "string" || typeof message !== "string") return undefined;
  return {
    session,
    message,
    stream: stream === true,
    assisted: assisted === true,
    ...(typeof user === "string" && { user }),
    ...(typeof model === "string" && { model }),
    ...(typeof maxCharacters === "number" && { maxCharacters }),
  };
}
