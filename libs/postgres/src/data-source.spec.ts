import { describe, expect, it } from '@jest/globals';

import { createDatabase } from './database.ts';

const options = { url: 'postgres://me@127.0.0.1/shop', schema: 'ingest', migrations: [] };

describe('createDatabase', () => {
  it('does not connect before it is used', async () => {
    await createDatabase({ ...options, url: 'postgres://me@127.0.0.1:1/shop' }).close();
  });

  it.each(['', 'Ingest', 'a"b', 'a b', '1a'])('refuses "%s" as a schema', (schema) => {
    expect(() => createDatabase({ ...options, schema })).toThrow(/cannot be a schema's name/);
  });

  it('refuses a URL that would replace its own settings', () => {
    const url = `${options.url}?options=-csearch_path%3Dpublic`;
    expect(() => createDatabase({ ...options, url })).toThrow(/"options" is set by the service itself/);
  });

  it('cannot be used once it is closed', async () => {
    const database = createDatabase(options);
    await database.close();
    await expect(database.ping()).rejects.toThrow(/was closed/);
  });
});
