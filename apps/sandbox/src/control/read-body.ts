import type { Static, TSchema } from 'typebox';
import type { Validator } from 'typebox/compile';
import { parseJson } from '../http/json.ts';
import { ControlRefusal } from './control-refusal.ts';

/** A control call's body in its schema's type. Throws `ControlRefusal` (400) that names everything wrong. */
export function readBody<Schema extends TSchema>(
  validator: Validator<Record<never, never>, Schema>,
  body: unknown,
): Static<Schema> {
  const value: unknown = parse(typeof body === 'string' && body !== '' ? body : '{}');
  if (validator.Check(value)) return value;
  const problems = [...validator.Errors(value)].map(
    (error) => `${error.instancePath || 'body'} ${error.message}`,
  );
  throw new ControlRefusal(400, problems.join('; '));
}

function parse(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new ControlRefusal(400, 'the body is not JSON');
    throw error;
  }
}
