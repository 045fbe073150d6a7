export {
  errorCodes,
  isObservabilityError,
  ObservabilityError,
  type ErrorCode,
} from "./observability-error.ts";
