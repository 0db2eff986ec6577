import { Ajv, type ValidateFunction } from 'ajv';
import { readFileSync } from 'node:fs';
import { schemaFileOf } from './external-tools.ts';
import { type Manifest, titleOf } from './manifest.ts';

/**
 * Holds custom resources against a folder of JSON Schemas (`<group>/<kind>_<version>.json`) and refuses fields that the
 * schema does not know, as `kubectl apply --validate=strict` does. Objects without a schema there are left out.
 */
export function validateCustomResources(
  schemas: string,
  objects: readonly Manifest[],
): { readonly checked: number; readonly problems: readonly string[] } {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  const validators = new Map<string, ValidateFunction>();
  let checked = 0;
  const problems = objects.flatMap((object) => {
    const file = schemaFileOf(schemas, object);
    if (file === undefined) return [];
    checked += 1;
    const validate = validators.get(file) ?? ajv.compile(closed(JSON.parse(readFileSync(file, 'utf8'))));
    validators.set(file, validate);
    if (validate(object)) return [];
    return [`${titleOf(object)}: ${ajv.errorsText(validate.errors, { dataVar: '' })}`];
  });
  return { checked, problems };
}

/** The same schema with no room for fields that it does not list. The outermost level also has the common fields. */
function closed(schema: unknown, depth = 0): object {
  const walk = (value: unknown, level: number): unknown => {
    if (Array.isArray(value)) return value.map((inner) => walk(inner, level));
    if (typeof value !== 'object' || value === null) return value;
    const copy: Record<string, unknown> = Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, walk(inner, level + 1)]),
    );
    // Go's inline flag is no part of a JavaScript expression.
    if (typeof copy['pattern'] === 'string' && copy['pattern'].includes('(?i)')) delete copy['pattern'];
    const isOpen =
      !('properties' in copy) ||
      'additionalProperties' in copy ||
      copy['x-kubernetes-preserve-unknown-fields'] === true;
    // Level 0 has kind and metadata, which the schema may leave out; inside anyOf and the like nothing is closed.
    if (level > 1 && copy['type'] === 'object' && !isOpen) copy['additionalProperties'] = false;
    return copy;
  };
  const result = walk(schema, depth);
  if (typeof result !== 'object' || result === null) throw new TypeError('a schema is an object');
  return result;
}
