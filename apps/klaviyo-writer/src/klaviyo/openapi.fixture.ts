import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';

/** Klaviyo's official specification. It is not part of this repository: it lies beside it on the machines of CI. */
const FILE = fileURLToPath(
  new URL('../../../../../shared/reference/klaviyo/openapi-2026-07-15.json', import.meta.url),
);

interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
}
type Schema = Readonly<Record<string, unknown>>;
type Document = { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> } & Schema;

/** Checks requests against the official specification, more strictly than it: an unknown field is an error. */
export class OfficialSpecification {
  readonly #ajv = new Ajv({
    strict: false,
    allErrors: true,
    formats: { 'date-time': isDateTime, uri: true },
  });

  private constructor(readonly document: Document) {
    this.#ajv.addSchema(document, 'klaviyo');
  }

  /** Undefined, having said so, where the specification is not at hand. */
  static load(): OfficialSpecification | undefined {
    if (existsSync(FILE)) {
      return new OfficialSpecification(mended(JSON.parse(readFileSync(FILE, 'utf8'))) as Document);
    }
    process.stdout.write(
      'SKIPPED: requests are not checked against the official OpenAPI document: it is not here.\n',
    );
    return undefined;
  }

  /** Every call that it knows, as [method, path]. */
  get calls(): readonly (readonly [string, string])[] {
    return Object.entries(this.document.paths).flatMap(([path, operations]) =>
      ['get', 'post', 'put', 'patch', 'delete']
        .filter((method) => method in operations)
        .map((method) => [method.toUpperCase(), path] as const),
    );
  }

  /** What is wrong with a body, empty when nothing is. */
  bodyProblems(path: string, body: unknown): readonly string[] {
    const content = this.document.paths[path]?.['post']?.requestBody?.content ?? {};
    const schema = Object.values(content)[0]?.schema;
    if (schema === undefined) return [`POST ${path} takes no body`];
    const validate = this.#ajv.compile(rooted(schema));
    return validate(body) === true
      ? []
      : (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message}`);
  }

  /** Query parameters that the call does not know, or with values that it does not take. */
  queryProblems(path: string, query: URLSearchParams): readonly string[] {
    const parameters = this.document.paths[path]?.['get']?.parameters ?? [];
    return [...query].flatMap(([name, text]) => {
      const known = parameters.find((parameter) => parameter.in === 'query' && parameter.name === name);
      if (known === undefined) return [`unknown parameter ${name}`];
      const { type } = known.schema;
      const value = type === 'integer' ? Number(text) : type === 'array' ? text.split(',') : text;
      return this.#ajv.validate(rooted(known.schema), value)
        ? []
        : [`${name}=${text}: ${this.#ajv.errorsText()}`];
    });
  }
}

/** `nullable` without `type` cannot be compiled; an object that lists its fields is to have no others. */
function mended(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(mended);
  if (typeof value !== 'object' || value === null) return value;
  const schema = Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, mended(inner)]),
  ) as Record<string, unknown>;
  if ('nullable' in schema && !('type' in schema)) delete schema['nullable'];
  if (schema['type'] === 'object' && 'properties' in schema && !('additionalProperties' in schema)) {
    schema['additionalProperties'] = false;
  }
  return schema;
}

function rooted(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"klaviyo#/')) as object;
}

function isDateTime(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(text);
}
