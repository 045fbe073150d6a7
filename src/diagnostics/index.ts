export {
  createDiagnostics,
  type DiagnosticCounters,
  type Diagnostics,
  type DiagnosticsOptions,
  type LossCounter,
} from "./diagnostics.ts";
export { loadLater } from "./load-later.ts";
