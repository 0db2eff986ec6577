// real: [postgres], double: []
import { describe, expect, it } from '@jest/globals';
import { Client } from 'pg';

import { createTestSchema } from './database-guard.ts';
import { testStack } from './stack.ts';

const { databaseUrl } = testStack();

async function schemaExists(schema: string): Promise<boolean> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_namespace where nspname = $1', [schema]);
    return rowCount === 1;
  } finally {
    await client.end();
  }
}

describe('createTestSchema', () => {
  it('makes a schema of its own for each caller and removes it with its content', async () => {
    const one = await createTestSchema(databaseUrl);
    const other = await createTestSchema(databaseUrl);
    expect(one.schema).not.toBe(other.schema);
    expect(await schemaExists(one.schema)).toBe(true);
    await one.drop();
    expect(await schemaExists(one.schema)).toBe(false);
    expect(await schemaExists(other.schema)).toBe(true);
    await other.drop();
  });

  it('can give only a name', async () => {
    const { schema, drop } = await createTestSchema(databaseUrl, { create: false });
    expect(await schemaExists(schema)).toBe(false);
    await drop();
  });
});
