export { createHandler, type Handler } from "./create-handler.ts";
export type { HandlerOptions } from "./handler-options.ts";
export { createMetricsPage } from "./metrics-page.ts";
export { createNodeHandler } from "./node-handler.ts";
export { startServer, type RunningServer } from "./start-server.ts";
export { warnOfClosedRest } from "./warn-of-closed-rest.ts";
