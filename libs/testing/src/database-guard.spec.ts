import { describe, expect, it } from '@jest/globals';

import { assertTestDatabase } from './database-guard.ts';

const url = (name: string): string => `postgres://someone:pw@127.0.0.1:5432/${name}`;

describe('assertTestDatabase', () => {
  it.each(['test', 'watertight_test', 'watertight-test-2', 'TEST_db'])('accepts %s', (name) => {
    expect(() => assertTestDatabase(url(name))).not.toThrow();
  });

  it.each(['watertight', 'latest', 'contest', 'testing', ''])('refuses "%s"', (name) => {
    expect(() => assertTestDatabase(url(name))).toThrow(`refusing to touch the database "${name}"`);
  });

  it('refuses what is not a URL, and never shows the password', () => {
    expect(() => assertTestDatabase('host=test password=hidden')).toThrow(/refusing/);
    expect(() => assertTestDatabase(url('production'))).not.toThrow(/pw/);
  });
});
