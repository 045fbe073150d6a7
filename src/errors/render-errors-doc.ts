import { errorCodes } from "./observability-error.ts";

const INTRODUCTION = `<!-- Generated from src/errors/observability-error.ts by \`npm run generate\`. Do not edit. -->

# Errors

This package throws one class, \`ObservabilityError\`, told apart by its \`code\`. \`isObservabilityError(error)\`
recognises it across copies of the package; \`error.cause\` holds what led to it.

Observing a call adds no errors to it: what a provider or its SDK throws reaches you as the same object.

| code | meaning |
|---|---|
`;

/** Renders `docs/errors.md` from `errorCodes`. */
export function renderErrorsDoc(): string {
  const rows = Object.entries(errorCodes).map(
    ([code, meaning]) => `| \`${code}\` | ${meaning} |\n`,
  );
  return INTRODUCTION + rows.join("");
}
