export {
  errorCodes,
  isObservabilityError,
  ObservabilityError,
  type ErrorCode,
} from "./observability-error.ts";
export { renderErrorsDoc } from "./render-errors-doc.ts";
