import { ConfigError, RetryableError } from '@watertight/service';

/**
 * SQLSTATE codes, or their first characters, of failures that can pass by themselves:
 * connection lost (08), server going down or coming up (57P), cancelled by a time limit (57014), out of connections,
 * memory or disk (53), serialization failure, deadlock, lock not available, and a primary that has become a replica.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const passingStates: readonly string[] = ['08', '57P', '57014', '53', '40001', '40P01', '55P03', '25006'];

const passingNetworkCodes: readonly string[] = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
];

/** What pg says, without a code, when a connection or the wait for one has ended. */
const passingMessages: readonly string[] = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Query read timeout',
  'not queryable',
];

/** The code of an error of pg or of the network, also where typeorm has wrapped it. */
export function codeOf(error: unknown): string | undefined {
  const code = property(error, 'code') ?? property(property(error, 'driverError'), 'code');
  return typeof code === 'string' ? code : undefined;
}

/**
 * The error to throw in place of one that the driver threw: RetryableError when the failure can pass, else the
 * same error, which is then an unknown one.
 */
export function classifyError(error: unknown): unknown {
  if (error instanceof RetryableError) return error;
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const passes =
    (code !== undefined &&
      (passingNetworkCodes.includes(code) || passingStates.some((state) => code.startsWith(state)))) ||
    passingMessages.some((passing) => message.includes(passing));
  if (!passes) return error;
  const said = code === undefined || message.includes(code) ? message : `${code} ${message}`;
  return new RetryableError(`PostgreSQL cannot do it now: ${said.trim()}`, { cause: error });
}

/**
 * The same for the first connection, where more can be said: what is wrong with the address is a ConfigError.
 * The password is in no message.
 */
export function classifyConnectError(error: unknown, databaseUrl: string): unknown {
  const { host, username, pathname } = new URL(databaseUrl);
  const name = decodeURIComponent(pathname.slice(1));
  const code = codeOf(error);
  if (code === '3D000') {
    return new ConfigError([
      `DATABASE_URL: there is no database "${name}" on ${host}. Create it (createdb ${name}) or correct the address.`,
    ]);
  }
  if (code === '28P01' || code === '28000') {
    return new ConfigError([
      `DATABASE_URL: PostgreSQL on ${host} does not let "${username}" in. Check user and password.`,
    ]);
  }
  const classified = classifyError(error);
  if (!(classified instanceof RetryableError)) return classified;
  return new RetryableError(
    `PostgreSQL on ${host} does not answer (${code ?? classified.message}). Is it running, and is DATABASE_URL right?`,
    { cause: error },
  );
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
