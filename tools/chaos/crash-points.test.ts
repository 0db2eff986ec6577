import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CRASH_POINTS } from '@watertight/service';
import { root } from '../stack/paths.ts';

/** Every `crashPoint('…')` in the sources of the apps and libraries. */
function namedInCode(): ReadonlySet<string> {
  const names = new Set<string>();
  for (const folder of ['apps', 'libs']) {
    for (const file of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (!/(?:^|\/)src\/.*\.ts$/.test(file) || /node_modules|spec\.ts$/.test(file)) continue;
      const text = readFileSync(join(root, folder, file), 'utf8');
      for (const [, name = ''] of text.matchAll(/\bcrashPoint\('([a-z_.]+)'\)/g)) names.add(name);
    }
  }
  return names;
}

test('every crash point that is tried stands in the code, and every one in the code is tried', () => {
  assert.deepEqual([...namedInCode()].sort(), [...CRASH_POINTS].sort());
});
