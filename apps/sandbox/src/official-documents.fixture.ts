import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Compile } from 'typebox/schema';
import { isJsonArray, isJsonObject, memberAt, parseJson, type Json, type JsonObject } from './http/json.ts';

const folder = join(import.meta.dirname, '../../../../shared/reference');

/** The vendors' own OpenAPI documents, which are not part of this repository. */
export const documents = {
  mirakl: join(folder, 'mirakl/openapi-mmp-seller-2026-08.json'),
  klaviyo: join(folder, 'klaviyo/openapi-2026-07-15.json'),
} as const;

export function hasDocument(path: string): boolean {
  if (existsSync(path)) return true;
  process.stdout.write(`Skipped: the vendor's OpenAPI document is not at ${path}.\n`);
  return false;
}

/** What is wrong with a value by the schema of an operation's answer, or of the body it takes; nothing when right. */
export class OfficialDocument {
  private readonly document: Json;

  constructor(
    path: string,
    private readonly rules: { readonly ignoreRequired: boolean },
  ) {
    this.document = parseJson(readFileSync(path, 'utf8'));
  }

  answerProblems(method: string, path: string, status: string, value: Json): readonly string[] {
    return this.problems(
      memberAt(this.document, 'paths', path, method, 'responses', status, 'content'),
      value,
    );
  }

  bodyProblems(method: string, path: string, value: Json): readonly string[] {
    return this.problems(memberAt(this.document, 'paths', path, method, 'requestBody', 'content'), value);
  }

  private problems(content: Json | undefined, value: Json): readonly string[] {
    const media = isJsonObject(content) ? Object.values(content)[0] : undefined;
    const schema = this.strict(memberAt(media, 'schema'), []);
    if (!isJsonObject(schema)) return ['the document has no such schema'];
    const [, errors] = Compile(schema).Errors(value);
    return errors.map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }

  /** Inlines references, lets null be where the document says so, and refuses every field it does not list. */
  private strict(schema: Json | undefined, inside: readonly string[], isPart = false): Json {
    if (isJsonArray(schema)) return schema.map((item) => this.strict(item, inside, isPart));
    if (!isJsonObject(schema)) return schema ?? null;
    const reference = schema['$ref'];
    if (typeof reference === 'string') {
      if (inside.includes(reference)) return {};
      const target = memberAt(this.document, ...reference.slice(2).split('/'));
      return this.strict(target, [...inside, reference], isPart);
    }
    const members = Object.entries(schema)
      .filter(
        ([key]) =>
          !['example', 'examples', 'description', 'format', 'nullable', 'discriminator'].includes(key),
      )
      .filter(
        ([key]) => !(this.rules.ignoreRequired && key === 'required' && isJsonArray(schema['required'])),
      )
      .map(([key, member]) => [key, this.strictMember(key, member, inside)]);
    const strict: JsonObject = Object.fromEntries(members);
    // A part of a composition does not know the fields of the other parts: the whole is closed instead.
    // With a discriminator the fields of each kind are listed elsewhere.
    const isObject = isJsonObject(schema['properties']) || isJsonArray(schema['allOf']);
    const isClosed = isObject && !isPart && schema['discriminator'] === undefined;
    const closed: JsonObject = isClosed ? { ...strict, unevaluatedProperties: false } : strict;
    return schema['nullable'] === true ? { anyOf: [{ type: 'null' }, closed] } : closed;
  }

  private strictMember(key: string, member: Json | undefined, inside: readonly string[]): Json {
    if (key === 'properties') return this.strictMembers(member, inside);
    return this.strict(member, inside, ['allOf', 'anyOf', 'oneOf'].includes(key));
  }

  private strictMembers(properties: Json | undefined, inside: readonly string[]): Json {
    if (!isJsonObject(properties)) return {};
    return Object.fromEntries(
      Object.entries(properties).map(([name, schema]) => [name, this.strict(schema, inside)]),
    );
  }
}

/** The value without members that are null: a document may leave unsaid what may be null. */
export function withoutNulls(value: Json | undefined): Json {
  if (isJsonArray(value)) return value.map(withoutNulls);
  if (!isJsonObject(value)) return value ?? null;
  const kept = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutNulls(member)]));
}
