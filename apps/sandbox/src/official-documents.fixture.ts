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
  private readonly rules: { readonly ignoreRequired: boolean };

  constructor(path: string, rules: { readonly ignoreRequired: boolean }) {
    this.document = parseJson(readFileSync(path, 'utf8'));
    this.rules = rules;
  }

  answerProblems(method: string, path: string, status: string, value: Json): readonly string[] {
    const response = memberAt(this.document, 'paths', path, method, 'responses', status);
    const reference = memberAt(response, '$ref');
    const meant =
      typeof reference === 'string' ? memberAt(this.document, ...reference.slice(2).split('/')) : response;
    return this.problems(memberAt(meant, 'content'), value);
  }

  bodyProblems(method: string, path: string, value: Json): readonly string[] {
    return this.problems(memberAt(this.document, 'paths', path, method, 'requestBody', 'content'), value);
  }

  private problems(content: Json | undefined, value: Json): readonly string[] {
    const media = isJsonObject(content) ? Object.values(content)[0] : undefined;
    const schema = close(this.inline(memberAt(media, 'schema'), []));
    if (!isJsonObject(schema)) return ['the document has no such schema'];
    const [, errors] = Compile(schema).Errors(value);
    return errors.map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }

  /** The schema with its references and its `allOf` put in place, and null allowed where the document says so. */
  private inline(schema: Json | undefined, inside: readonly string[]): Json {
    if (isJsonArray(schema)) return schema.map((item) => this.inline(item, inside));
    if (!isJsonObject(schema)) return schema ?? null;
    const reference = schema['$ref'];
    if (typeof reference === 'string') {
      if (inside.includes(reference)) return {};
      return this.inline(memberAt(this.document, ...reference.slice(2).split('/')), [...inside, reference]);
    }
    const members = Object.entries(schema)
      .filter(([key]) => !['example', 'examples', 'description', 'format', 'nullable', 'allOf'].includes(key))
      .filter(
        ([key]) => !(this.rules.ignoreRequired && key === 'required' && isJsonArray(schema['required'])),
      )
      .map(([key, member]) => [
        // Klaviyo writes `oneOf` where several may fit: 1 is an integer and a number.
        key === 'oneOf' ? 'anyOf' : key,
        key === 'properties' && isJsonObject(member)
          ? Object.fromEntries(
              Object.entries(member).map(([name, each]) => [name, this.inline(each, inside)]),
            )
          : this.inline(member, inside),
      ]);
    const parts = isJsonArray(schema['allOf'])
      ? schema['allOf'].map((part) => this.inline(part, inside))
      : [];
    const whole = parts.reduce(merge, Object.fromEntries(members));
    return schema['nullable'] === true ? { anyOf: [{ type: 'null' }, whole] } : whole;
  }
}

/** Two schemas of one thing as one schema. */
function merge(left: Json, right: Json | undefined): Json {
  if (isJsonArray(left) && isJsonArray(right)) return [...new Set([...left, ...right])];
  if (!isJsonObject(left) || !isJsonObject(right)) return right ?? left;
  const merged = Object.entries(right).map(([key, member]) => [key, merge(left[key] ?? null, member)]);
  return { ...left, ...Object.fromEntries(merged) };
}

/** Refuses every field that an object's schema does not list. With a discriminator they are listed elsewhere. */
function close(schema: Json | undefined): Json {
  if (isJsonArray(schema)) return schema.map(close);
  if (!isJsonObject(schema)) return schema ?? null;
  const members = Object.entries(schema)
    .filter(([key]) => key !== 'discriminator')
    .map(([key, member]) => [
      key,
      key === 'properties' && isJsonObject(member)
        ? Object.fromEntries(Object.entries(member).map(([name, each]) => [name, close(each)]))
        : close(member),
    ]);
  const closed: JsonObject = Object.fromEntries(members);
  const isClosed = isJsonObject(schema['properties']) && schema['discriminator'] === undefined;
  return isClosed ? { ...closed, additionalProperties: false } : closed;
}

/** The value without members that are null: a document may leave unsaid what may be null. */
export function withoutNulls(value: Json | undefined): Json {
  if (isJsonArray(value)) return value.map(withoutNulls);
  if (!isJsonObject(value)) return value ?? null;
  const kept = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutNulls(member)]));
}
