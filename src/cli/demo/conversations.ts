export interface Message {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

const SYSTEM: Message = { role: "system", content: "You are a friendly assistant. Be brief." };
const MAX_MESSAGES = 12;

/** What was said in each session; bounded in both directions. */
export class Conversations {
  readonly #bySession = new Map<string, Message[]>();
  readonly #maxSessions: number;
  readonly #onEvicted: (session: string) => void;

  /** `onEvicted` is told of a session that was left out because there are too many. */
  constructor(maxSessions: number, onEvicted: (session: string) => void) {
    this.#maxSessions = maxSessions;
    this.#onEvicted = onEvicted;
  }

  get sessions(): string[] {
    return [...this.#bySession.keys()];
  }

  /** What to send to the model when `message` is said in `session`. */
  next(session: string, message: string): Message[] {
    const said = this.#bySession.get(session) ?? [];
    // set anew, so that the session used last is the last to go
    this.#bySession.delete(session);
    this.#bySession.set(session, said);
    this.#evict();
    said.push({ role: "user", content: message });
    said.splice(0, said.length - MAX_MESSAGES);
    return [SYSTEM, ...said];
  }

  answered(session: string, answer: string): void {
    this.#bySession.get(session)?.push({ role: "assistant", content: answer });
  }

  /** Forgets a session. False: there was none. */
  end(session: string): boolean {
    return this.#bySession.delete(session);
  }

  #evict(): void {
    const [oldest] = this.#bySession.keys();
    if (oldest === undefined || this.#bySession.size <= this.#maxSessions) return;
    this.#bySession.delete(oldest);
    this.#onEvicted(oldest);
  }
}
