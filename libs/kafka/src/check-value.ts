import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { DETAIL_MAX_LENGTH } from './limits.ts';

/** Undefined when the value fits the schema; otherwise where and how it does not, without any of its content. */
export type CheckValue = (value: unknown) => string | undefined;

const compiled = new WeakMap<TSchema, CheckValue>();

/** The compiled check of a schema. Compiling takes milliseconds and is done once per schema and process. */
export function valueCheck(schema: TSchema): CheckValue {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const validator = Compile(schema);
  const check: CheckValue = (value) =>
    validator.Check(value) ? undefined : describe(validator.Errors(value));
  compiled.set(schema, check);
  return check;
}

/** Path and keyword only: the value itself, and what it should have been, may be personal data. */
function describe(errors: readonly { instancePath: string; keyword: string }[]): string {
  // The deepest complaint is the telling one: for a union the others say only that no member fits.
  const [first] = [...errors].sort((one, other) => depthOf(other.instancePath) - depthOf(one.instancePath));
  if (first === undefined) return 'does not fit its schema';
  const path = first.instancePath === '' ? '/' : first.instancePath;
  return `${path} does not satisfy "${first.keyword}"`.slice(0, DETAIL_MAX_LENGTH);
}

function depthOf(path: string): number {
  return path.split('/').length;
}
