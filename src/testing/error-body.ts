/** What OpenAI puts in `error` with a status. */
export interface ErrorDetails {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
}

type StatusDefaults = Omit<ErrorDetails, "param">;

const byStatus: Readonly<Record<number, StatusDefaults>> = {
  400: { type: "invalid_request_error", code: null, message: "Your request was malformed." },
  401: {
    type: "invalid_request_error",
    code: "invalid_api_key",
    message: "Incorrect API key provided.",
  },
  403: {
    type: "invalid_request_error",
    code: "unsupported_country_region_territory",
    message: "Country, region, or territory not supported.",
  },
  404: {
    type: "invalid_request_error",
    code: "model_not_found",
    message: "The model does not exist or you do not have access to it.",
  },
  429: {
    type: "requests",
    code: "rate_limit_exceeded",
    message: "Rate limit reached. Please try again later.",
  },
  503: { type: "service_unavailable", code: null, message: "The engine is currently overloaded." },
};

const serverError: StatusDefaults = {
  type: "server_error",
  code: null,
  message: "The server had an error while processing your request.",
};

/** The `error` object of an error body: the defaults of `status`, with what `known` says instead. */
export function errorDetails(status: number, known: Partial<ErrorDetails> = {}): ErrorDetails {
  const defaults = byStatus[status] ?? (status < 500 ? byStatus[400] : undefined) ?? serverError;
  return { ...defaults, param: null, ...known };
}
