import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { expect } from "vitest";

interface Operation {
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}

/** What `/openapi.json` answers, as far as the tests read it. */
export interface OpenApiDocument {
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

export interface RestContract {
  readonly document: OpenApiDocument;
  /** The JSON of an answer that is as the document says it is. */
  valid(path: string, init?: RequestInit): Promise<Record<string, unknown>>;
  /** Expects `value` to be as the document says of `#/components/schemas/<name>`. */
  expectValid(name: string, value: unknown): void;
  /** Whether it can be read at all. */
  hasSchema(name: string): boolean;
}

/** Holds what a server answers against its own `/openapi.json`. */
export async function restContract(
  ask: (path: string, init?: RequestInit) => Promise<Response>,
): Promise<RestContract> {
  const document = (await (await ask("/openapi.json")).json()) as OpenApiDocument;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addFormat("date-time", (text: string) => /^\d{4}-\d\d-\d\dT.*Z$/.test(text));
  ajv.addSchema({ $id: "openapi", components: document.components });
  const schemaAt = (reference: string) => ajv.getSchema(`openapi${reference}`);

  function schemaOf(path: string, method: string, response: Response): ValidateFunction {
    const route = path.replace(/\?.*/, "").replace(/session\/.*/, "session/{id}");
    const answer = document.paths[route]?.[method.toLowerCase()]?.responses[response.status];
    const type = response.headers.get("content-type")?.split(";")[0] ?? "";
    const { $ref = "" } = (answer?.content?.[type]?.schema ?? {}) as { $ref?: string };
    const validate = schemaAt($ref);
    if (validate === undefined) {
      throw new Error(`${method} ${route}: no ${response.status} ${type}`);
    }
    return validate;
  }

  function expectBy(validate: ValidateFunction, value: unknown, what: string): void {
    validate(value);
    expect(validate.errors, `${what}: ${JSON.stringify(value)}`).toBeNull();
  }

  return {
    document,
    async valid(path, init = {}) {
      const response = await ask(path, init);
      const validate = schemaOf(path, init.method ?? "GET", response);
      const body = (await response.json()) as Record<string, unknown>;
      expectBy(validate, body, path);
      return body;
    },
    expectValid(name, value) {
      const validate = schemaAt(`#/components/schemas/${name}`);
      if (validate === undefined) throw new Error(`no schema ${name}`);
      expectBy(validate, value, name);
    },
    hasSchema: (name) => typeof schemaAt(`#/components/schemas/${name}`) === "function",
  };
}
