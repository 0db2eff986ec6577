import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from './errors.ts';
import { withFiles } from './load-config.ts';
import { url } from './variables.ts';

function withFolder(work: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'watertight-secret-'));
  try {
    work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('a setting in a file', () => {
  it('is read where the variable itself is not set', () =>
    withFolder((folder) => {
      const path = join(folder, 'key');
      writeFileSync(path, 'pk_from_a_file\n');
      expect(withFiles({ KLAVIYO_API_KEY_FILE: path })['KLAVIYO_API_KEY']).toBe('pk_from_a_file');
      expect(withFiles({ KLAVIYO_API_KEY: 'pk_set', KLAVIYO_API_KEY_FILE: path })['KLAVIYO_API_KEY']).toBe(
        'pk_set',
      );
    }));

  it('leaves variables alone that are files by nature', () => {
    expect(withFiles({ MARKETPLACES_FILE: '/nowhere.yaml' })).toEqual({ MARKETPLACES_FILE: '/nowhere.yaml' });
  });

  it('names every file that cannot be read', () => {
    const read = (): unknown => withFiles({ A_KEY_FILE: '/nowhere/a', DATABASE_URL_FILE: '/nowhere/b' });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/A_KEY_FILE.*ENOENT[\s\S]*DATABASE_URL_FILE/);
  });
});

describe('an address that must be safe', () => {
  const address = url({ describe: '', example: '', schemes: ['https', 'http'], tlsOutsideLoopback: true });
  it.each(['https://a.klaviyo.com', 'http://127.0.0.1:4401/klaviyo', 'http://localhost:1', 'http://[::1]:1'])(
    'takes %s',
    (text) => expect(address.parse(text).ok).toBe(true),
  );
  it.each([
    'http://a.klaviyo.com',
    'http://169.254.169.254/latest',
    'http://127.0.0.1.evil.example',
    'http://localhost.evil.example',
    'file:///etc/passwd',
    'klaviyo',
  ])('refuses %s', (text) => expect(address.parse(text).ok).toBe(false));
});
