import { Compile } from 'typebox/compile';
import type { Static, TSchema } from 'typebox';
import { badRequest } from './api-error.ts';

/**
 * Makes a reader for the query or body of a request. It throws an ApiError (400) that names the field and says what it
 * must be; a name that is not in the schema is refused too, because a filter with a typing error filters nothing.
 */
export function inputReader<S extends TSchema>(schema: S): (input: unknown) => Static<S> {
  const validator = Compile(schema);
  return (input) => {
    const value: unknown = input ?? {};
    if (validator.Check(value)) return value;
    const [error] = validator.Errors(value);
    const field = error?.instancePath.replace(/^\//, '').replaceAll('/', '.') ?? '';
    const params = error === undefined ? '' : namesIn(error.params);
    throw badRequest(
      [field, error?.message ?? 'is not what this call takes', params].filter(Boolean).join(' '),
    );
  };
}

function namesIn(params: object): string {
  const names = Object.values(params).flatMap((value) => (Array.isArray(value) ? value : []));
  return names.length === 0 ? '' : `(${names.join(', ')})`;
}
