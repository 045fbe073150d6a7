export { createSessions, type Sessions, type SessionsOptions } from "./create-sessions.ts";
