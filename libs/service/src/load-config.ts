import { readFileSync } from 'node:fs';
import { ConfigError } from './errors.ts';
import { type ConfigOf, type Variable, type Variables } from './variables.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment of this process. Only this file reads it; others are handed it. Throws as `withFiles`. */
export function processEnvironment(): Environment {
  return withFiles(process.env);
}

/** What may be given as a file: secrets, and the addresses and certificates that come with them. */
const fileVariable = /^(.*(?:KEY|SECRET|PASSWORD|TOKEN|_URL|_CA))_FILE$/;
const FILE_MAX_BYTES = 256 * 1024;

/**
 * An environment in which `NAME_FILE=/path` counts as `NAME` with the text of that file, where `NAME` itself is not
 * set. Orchestrators mount secrets as files, which do not show in a process list. Throws ConfigError naming every file
 * that cannot be read.
 */
export function withFiles(env: Environment): Environment {
  const found: Record<string, string> = {};
  const problems: string[] = [];
  for (const [variable, path = ''] of Object.entries(env)) {
    const [, name] = fileVariable.exec(variable) ?? [];
    if (name === undefined || path === '' || (env[name] ?? '') !== '') continue;
    try {
      const value = readFileSync(path);
      if (value.length > FILE_MAX_BYTES)
        problems.push(`${variable}: the file is larger than a setting can be`);
      else found[name] = value.toString('utf8').trim();
    } catch (error) {
      const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : '';
      problems.push(`${variable}: the file cannot be read (${String(code)})`);
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return { ...env, ...found };
}

/**
 * Reads the listed variables. An empty variable counts as not set.
 * Throws ConfigError with every problem at once.
 */
export function loadConfig<V extends Variables>(
  variables: V,
  env: Environment = processEnvironment(),
): ConfigOf<V> {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, variable] of Object.entries(variables)) {
    const raw = env[name]?.trim() ?? '';
    if (raw !== '') {
      const parsed = variable.parse(raw);
      if (parsed.ok) values[name] = parsed.value;
      else problems.push(wrong(name, variable, raw, parsed.problem));
    } else if (variable.fallback !== undefined) {
      values[name] = variable.fallback.value;
    } else {
      problems.push(`${name} is missing: ${variable.describe} Example: ${variable.example}`);
    }
  }
  if (problems.length > 0 || !holdsEvery(variables, values)) throw new ConfigError(problems);
  return values;
}

function wrong(name: string, variable: Variable<unknown>, raw: string, problem: string): string {
  // What was set helps to find the mistake, but a secret stays one even when it is wrong.
  const shown = variable.secret ? '' : `, but it is "${raw.slice(0, 100)}"`;
  return `${name} ${problem}${shown}. ${variable.describe} Example: ${variable.example}`;
}

function holdsEvery<V extends Variables>(variables: V, values: object): values is ConfigOf<V> {
  return Object.keys(variables).every((name) => name in values);
}

export interface VariableDescription {
  readonly name: string;
  readonly describe: string;
  readonly kind: string;
  readonly example: string;
  readonly required: boolean;
  readonly secret: boolean;
  /** The default in words; undefined when there is none. */
  readonly defaultValue: string | undefined;
}

/** What the documentation says about each variable, in the order of the list. */
export function describeVariables(variables: Variables): readonly VariableDescription[] {
  return Object.entries(variables).map(([name, { describe, kind, example, secret, fallback }]) => ({
    name,
    describe,
    kind,
    example,
    required: fallback === undefined,
    secret,
    defaultValue: fallback?.value === undefined ? undefined : String(fallback.value),
  }));
}

/** Shorter values are not masked: they would blank out ordinary words. */
const SECRET_LENGTH_MIN = 6;

/**
 * Every value that no log line may show: those of secret variables, the password inside a secret URL, and those of
 * variables whose name says so (such as the API keys that marketplaces.yaml refers to).
 */
export function secretsOf(variables: Variables, env: Environment = processEnvironment()): readonly string[] {
  const values = Object.entries(env).flatMap(([name, raw]) => {
    const value = raw?.trim() ?? '';
    const listed = variables[name]?.secret === true;
    if (!listed && !/(KEY|SECRET|PASSWORD|TOKEN)$/.test(name)) return [];
    return [value, ...passwordsIn(value)];
  });
  return [...new Set(values)].filter((value) => value.length >= SECRET_LENGTH_MIN);
}

function passwordsIn(value: string): readonly string[] {
  const password = URL.parse(value)?.password ?? '';
  return password === '' ? [] : [password, decodeURIComponent(password)];
}
