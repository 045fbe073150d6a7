export { createHandler } from "./create-handler.ts";
export { createMetricsPage } from "./metrics-page.ts";
export { startServer, type RunningServer } from "./start-server.ts";
