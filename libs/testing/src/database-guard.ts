import { randomBytes } from 'node:crypto';

import { Client, escapeIdentifier } from 'pg';

/**
 * Throws unless "test" is a word of the database's name (`watertight_test`, not `latest`), so that no test can
 * ever empty a database that matters.
 */
export function assertTestDatabase(databaseUrl: string): void {
  const name = decodeURIComponent(URL.parse(databaseUrl)?.pathname.slice(1) ?? '');
  const words = name.toLowerCase().split(/[^a-z0-9]+/);
  if (!words.includes('test')) {
    throw new Error(
      `refusing to touch the database "${name}": tests only use one with "test" as a word of its name`,
    );
  }
}

export interface TestSchema {
  /** A name that no other test has. */
  readonly schema: string;
  /** Removes the schema and everything in it. */
  drop(): Promise<void>;
}

/**
 * Makes a schema of its own for one test file. With `create: false` only the name is taken, for tests of the
 * code that makes the schema itself.
 */
export async function createTestSchema(databaseUrl: string, { create = true } = {}): Promise<TestSchema> {
  assertTestDatabase(databaseUrl);
  const schema = `test_${randomBytes(6).toString('hex')}`;
  if (create) await runSql(databaseUrl, `create schema ${escapeIdentifier(schema)}`);
  return {
    schema,
    drop: () => runSql(databaseUrl, `drop schema if exists ${escapeIdentifier(schema)} cascade`),
  };
}

async function runSql(databaseUrl: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
