/**
 * What may be written of an error. It is a list of what is allowed, because libraries hang whole requests on
 * their errors: axios its headers with the API key, typeorm the parameters of the query, pg the values of the
 * row that was refused.
 */
export interface SerializedError {
  type: string;
  message: string;
  stack?: string;
  code?: string | number;
  status?: number;
  reason?: string;
  retryAfterMs?: number;
  problems?: string[];
  constraint?: string;
  cause?: SerializedError;
  errors?: SerializedError[];
}

/** An AggregateError of more errors is cut here. */
const ERRORS_MAX = 5;
const CAUSES_MAX = 5;

export function serializeError(error: unknown, depth = 0): SerializedError {
  if (typeof error !== 'object' || error === null) return { type: typeof error, message: String(error) };
  const serialized: SerializedError = { type: typeOf(error), message: textOf(error, 'message') ?? '' };
  const stack = textOf(error, 'stack');
  if (stack !== undefined) serialized.stack = stack;
  const code = property(error, 'code');
  if (typeof code === 'string' || typeof code === 'number') serialized.code = code;
  const status = property(error, 'status') ?? property(property(error, 'response'), 'status');
  if (typeof status === 'number') serialized.status = status;
  const reason = textOf(error, 'reason');
  if (reason !== undefined) serialized.reason = reason;
  const retryAfterMs = property(error, 'retryAfterMs');
  if (typeof retryAfterMs === 'number') serialized.retryAfterMs = retryAfterMs;
  const constraint = textOf(error, 'constraint');
  if (constraint !== undefined) serialized.constraint = constraint;
  const problems = property(error, 'problems');
  if (Array.isArray(problems)) serialized.problems = problems.map(String);
  if (depth < CAUSES_MAX) addInner(serialized, error, depth);
  return serialized;
}

function addInner(serialized: SerializedError, error: object, depth: number): void {
  const cause = property(error, 'cause');
  if (cause !== undefined && cause !== null) serialized.cause = serializeError(cause, depth + 1);
  const errors = property(error, 'errors');
  // Only real errors: other libraries keep the other side's answer under this name.
  if (Array.isArray(errors) && errors.every((inner) => inner instanceof Error)) {
    serialized.errors = errors.slice(0, ERRORS_MAX).map((inner) => serializeError(inner, depth + 1));
  }
}

function typeOf(error: object): string {
  return textOf(error, 'name') ?? 'object';
}

function textOf(value: object, name: string): string | undefined {
  const found = property(value, name);
  return typeof found === 'string' ? found : undefined;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
