export { errorName } from "./error-name.ts";
export {
  errorCodes,
  isObservabilityError,
  ObservabilityError,
  type ErrorCode,
} from "./observability-error.ts";
