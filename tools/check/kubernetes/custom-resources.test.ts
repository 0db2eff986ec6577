import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../stack/test-support.ts';
import { validateCustomResources } from './custom-resources.ts';

test('finds a wrong type and a field that the schema does not know', (context) => {
  const schemas = temporaryFolder(context);
  mkdirSync(join(schemas, 'example.com'));
  const spec = { type: 'object', properties: { size: { type: 'integer' } } };
  writeFileSync(
    join(schemas, 'example.com/thing_v1.json'),
    JSON.stringify({ type: 'object', properties: { spec } }),
  );
  const thing = (value: object) => [
    { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'x' }, spec: value },
  ];
  assert.deepEqual(validateCustomResources(schemas, thing({ size: 1 })), { checked: 1, problems: [] });
  assert.match(validateCustomResources(schemas, thing({ size: 'big' })).problems.join(), /integer/);
  assert.match(validateCustomResources(schemas, thing({ sise: 1 })).problems.join(), /additional properties/);
});
