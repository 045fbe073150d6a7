export { createJsonLog, type JsonLogOptions } from "./create-json-log.ts";
