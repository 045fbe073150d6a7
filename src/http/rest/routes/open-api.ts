import * as z from "zod";
import { jsonRoute } from "../json-route.ts";
import { openApiDocument } from "../open-api.ts";
import type { Route } from "../route.ts";

/** `/openapi.json` of all routes, itself included. */
export function openApiRoute(others: readonly Route[]): Route {
  const documents = new Map<string, Readonly<Record<string, unknown>>>();

  function documentFor(basePath: string) {
    const known = documents.get(basePath);
    if (known) return known;
    const document = openApiDocument([...others, route], basePath);
    // base paths come from the application's own set-up: one, or a few
    if (documents.size < 16) documents.set(basePath, document);
    return document;
  }

  const route: Route = jsonRoute({
    method: "GET",
    path: "/openapi.json",
    operationId: "describeApi",
    summary: "This API as OpenAPI 3.1",
    query: z.strictObject({}),
    answer: { name: "OpenApi", description: "This document.", schema: z.looseObject({}) },
    problems: [],
    handle: ({ basePath }) => documentFor(basePath),
  });
  return route;
}
