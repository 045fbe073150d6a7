import { problemSchema } from "../../schemas/rest/problem-schema.ts";
import type { JsonSchema } from "../../schemas/index.ts";
import { packageVersion } from "../../runtime/package-version.ts";
import { PROBLEM_CONTENT_TYPE, type ProblemKind, problemKinds } from "../problem.ts";
import { toJsonSchema } from "./json-schema.ts";
import type { Route } from "./route.ts";

type Json = Readonly<Record<string, unknown>>;

/** Whatever is asked for, these may be the answer. */
const ANYWHERE: readonly ProblemKind[] = [
  "invalid-path",
  "invalid-parameter",
  "unauthorized",
  "closed",
  "body-too-large",
  "url-too-long",
  "rate-limited",
  "timed-out",
];

const INTRODUCTION =
  "What LLM calls, agents, tools and people did in this process. Times are ISO 8601 in UTC, money is in US dollars. " +
  "Every error is a problem by RFC 9457 whose `type` names it.";

/** The routes as OpenAPI 3.1: the schemas that read queries, and that the answers' types come from, as JSON Schema. */
export function openApiDocument(routes: readonly Route[], basePath: string): Json {
  return {
    openapi: "3.1.1",
    info: {
      title: "RLM-Toolkit Observability",
      version: packageVersion(),
      description: INTRODUCTION,
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: basePath === "" ? "/" : basePath }],
    security: [{ internalAuth: [] }, { bearer: [] }, {}],
    paths: pathItems(routes),
    components: {
      schemas: componentSchemas(routes),
      securitySchemes: {
        internalAuth: { type: "apiKey", in: "header", name: "x-internal-auth" },
        bearer: { type: "http", scheme: "bearer" },
      },
    },
  };
}

function pathItems(routes: readonly Route[]): Json {
  const items: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const path = route.path.replace(":id", "{id}");
    items[path] = { ...items[path], [route.method.toLowerCase()]: operation(route) };
  }
  return items;
}

function operation(route: Route): Json {
  const { operationId, summary, description } = route;
  return {
    operationId,
    summary,
    ...(description !== undefined && { description }),
    parameters: [...pathParameters(route), ...queryParameters(route), ...headerParameters(route)],
    responses: responses(route),
  };
}

function pathParameters({ path }: Route): Json[] {
  if (!path.endsWith(":id")) return [];
  const description = "Percent-encoded: an id may hold any character.";
  return [{ name: "id", in: "path", required: true, description, schema: { type: "string" } }];
}

function queryParameters({ query }: Route): Json[] {
  const { properties = {} } = toJsonSchema(query, "input");
  return Object.entries(properties).map(([name, property]) => {
    // a schema of an object's field is never just `true`
    const { description, ...schema } = property as JsonSchema;
    const isList = schema.type === "array";
    return {
      name,
      in: "query",
      description,
      schema,
      ...(isList && { style: "form", explode: false }),
    };
  });
}

function headerParameters({ answer, headers = {} }: Route): Json[] {
  const all = answer.hasEtag
    ? {
        "if-none-match": "An `ETag` of an earlier answer: 304 if it is still the same.",
        ...headers,
      }
    : headers;
  return Object.entries(all).map(([name, description]) => ({
    name,
    in: "header",
    description,
    schema: { type: "string" },
  }));
}

function responses({ answer, problems }: Route): Json {
  const { name, description, contentType, hasEtag } = answer;
  const schema = reference(name);
  const etag = { description: "Names what is told here.", schema: { type: "string" } };
  return {
    200: {
      description,
      ...(hasEtag && { headers: { etag } }),
      content: { [contentType]: { schema } },
    },
    ...(hasEtag && { 304: { description: "Nothing has changed.", headers: { etag } } }),
    ...problemResponses([...ANYWHERE, ...problems]),
  };
}

function problemResponses(kinds: readonly ProblemKind[]): Json {
  const statuses = [...new Set(kinds.map((kind) => problemKinds[kind].status))];
  const content = { [PROBLEM_CONTENT_TYPE]: { schema: reference("Problem") } };
  return Object.fromEntries(
    statuses.map((status) => {
      const titles = kinds.map((kind) => problemKinds[kind]).filter((own) => own.status === status);
      return [status, { description: titles.map(({ title }) => title).join("; "), content }];
    }),
  );
}

const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });

function componentSchemas(routes: readonly Route[]): Readonly<Record<string, JsonSchema>> {
  const schemas = routes.flatMap(({ answer }) => [
    [answer.name, toJsonSchema(answer.schema, "output")] as const,
    ...Object.entries(answer.parts?.() ?? {}),
  ]);
  return { Problem: toJsonSchema(problemSchema, "output"), ...Object.fromEntries(schemas) };
}
