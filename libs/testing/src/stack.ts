/** Where the real broker and the real database of this test run are. */
export interface Stack {
  readonly kafkaBrokers: readonly string[];
  readonly databaseUrl: string;
}

/**
 * The stack that the medium test run gives in KAFKA_BROKERS and DATABASE_URL.
 * Throws, saying what to do, when a variable is missing: a test must not pass by not running.
 */
export function testStack(env: Readonly<Record<string, string | undefined>> = process.env): Stack {
  const missing = ['KAFKA_BROKERS', 'DATABASE_URL'].filter((name) => (env[name] ?? '') === '');
  if (missing.length > 0) {
    throw new Error(
      `${missing.join(' and ')} not set: medium tests need a real broker and a real database. ` +
        'Run them with `npm run medium` in the project, which provides both.',
    );
  }
  return {
    kafkaBrokers: (env['KAFKA_BROKERS'] ?? '').split(','),
    databaseUrl: env['DATABASE_URL'] ?? '',
  };
}
