/** What a reader of one variable found: its value, or what is wrong with it ("must be …"). */
export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/** One environment variable: how it is read, and everything the documentation says about it. */
export interface Variable<T> {
  readonly describe: string;
  /** The kind of value in words, for the documentation: `port`, `duration`, `one of a, b`. */
  readonly kind: string;
  readonly example: string;
  /** Its value is never printed, not even in a problem, and is masked in every log line. */
  readonly secret: boolean;
  /** What it is when it is not set; absent when it must be set. */
  readonly fallback?: { readonly value: T };
  readonly parse: (raw: string) => Parsed<T>;
}

export type Variables = Readonly<Record<string, Variable<unknown>>>;

/** The typed settings that a list of variables gives. */
export type ConfigOf<V extends Variables> = {
  readonly [Name in keyof V]: V[Name] extends Variable<infer T> ? T : never;
};

export interface VariableOptions<T> {
  /** One sentence for the person who deploys. */
  readonly describe: string;
  readonly example: string;
  readonly default?: T;
  readonly secret?: boolean;
}

function variable<T>(
  kind: string,
  options: VariableOptions<T>,
  parse: (raw: string) => Parsed<T>,
): Variable<T> {
  const { describe, example, secret = false } = options;
  const base = { describe, kind, example, secret, parse };
  return options.default === undefined ? base : { ...base, fallback: { value: options.default } };
}

const valid = <T>(value: T): Parsed<T> => ({ ok: true, value });
const invalid = (problem: string): Parsed<never> => ({ ok: false, problem });

/** The same variable, `undefined` when it is not set. */
export function optional<T>(inner: Variable<T>): Variable<T | undefined> {
  return { ...inner, fallback: { value: undefined } };
}

export function text(options: VariableOptions<string> & { readonly pattern?: RegExp }): Variable<string> {
  const { pattern } = options;
  return variable('text', options, (raw) =>
    pattern === undefined || pattern.test(raw) ? valid(raw) : invalid(`must match ${pattern.source}`),
  );
}

/** A text that is never printed. There is no default on purpose: a default secret is no secret. */
export function secret(
  options: Omit<VariableOptions<string>, 'default' | 'secret'> & { readonly lengthMin?: number },
): Variable<string> {
  const { lengthMin = 1 } = options;
  return variable('secret', { ...options, secret: true }, (raw) =>
    raw.length >= lengthMin ? valid(raw) : invalid(`must have at least ${lengthMin} characters`),
  );
}

/** Parts separated by commas; at least one. */
export function list(options: VariableOptions<readonly string[]>): Variable<readonly string[]> {
  return variable('comma-separated list', options, (raw) => {
    const parts = raw.split(',').map((part) => part.trim());
    return parts.every((part) => part !== '') ? valid(parts) : invalid('must be a comma-separated list');
  });
}

export function integer(
  options: VariableOptions<number> & { readonly min: number; readonly max: number },
): Variable<number> {
  const { min, max } = options;
  return variable(`whole number from ${min} to ${max}`, options, (raw) => {
    const value = /^-?\d{1,15}$/.test(raw) ? Number(raw) : Number.NaN;
    return value >= min && value <= max
      ? valid(value)
      : invalid(`must be a whole number from ${min} to ${max}`);
  });
}

export function port(options: VariableOptions<number>): Variable<number> {
  return { ...integer({ ...options, min: 0, max: 65_535 }), kind: 'port' };
}

export function flag(options: VariableOptions<boolean>): Variable<boolean> {
  return variable('1 or 0', options, (raw) => {
    if (raw === '1' || raw === 'true') return valid(true);
    if (raw === '0' || raw === 'false') return valid(false);
    return invalid('must be 1 or 0 (or true or false)');
  });
}

export function oneOf<const T extends string>(
  allowed: readonly T[],
  options: VariableOptions<T>,
): Variable<T> {
  const kind = `one of ${allowed.join(', ')}`;
  return variable(kind, options, (raw) => {
    const found = allowed.find((candidate) => candidate === raw);
    return found === undefined ? invalid(`must be ${kind}`) : valid(found);
  });
}

const unitsMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const unitNames = ['ms', 's', 'm', 'h', 'd'] as const;

/** A time span such as `500ms`, `2s`, `5m`, `1h`, `7d`; the setting is in milliseconds. */
export function duration(options: VariableOptions<number>): Variable<number> {
  return variable('duration', options, (raw) => {
    const [, digits, unit] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(raw) ?? [];
    const name = unitNames.find((candidate) => candidate === unit);
    return digits === undefined || name === undefined
      ? invalid('must be a duration such as 500ms, 2s, 5m, 1h or 7d')
      : valid(Number(digits) * unitsMs[name]);
  });
}

/**
 * An absolute URL with one of the given schemes, kept as it was written. With `tlsOutsideLoopback`, http is taken for
 * this machine only: keys and buyers' data never travel in the clear.
 */
export function url(
  options: VariableOptions<string> & {
    readonly schemes: readonly string[];
    readonly tlsOutsideLoopback?: boolean;
  },
): Variable<string> {
  const { schemes, tlsOutsideLoopback = false } = options;
  const kind = `URL (${schemes.map((scheme) => `${scheme}://…`).join(', ')})`;
  return variable(kind, options, (raw) => {
    const parsed = URL.parse(raw);
    if (parsed === null || !schemes.includes(parsed.protocol.slice(0, -1)))
      return invalid(`must be a ${kind}`);
    if (tlsOutsideLoopback && parsed.protocol === 'http:' && !isLoopback(parsed.hostname))
      return invalid('must begin with https:// (http is accepted for 127.0.0.1, ::1 and localhost only)');
    return valid(raw);
  });
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
