export { createJsonLog, type JsonLogOptions, LOGGED_TYPES } from "./create-json-log.ts";
