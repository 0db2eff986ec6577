import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { temporaryFolder } from '../../stack/test-support.ts';
import { renderKustomization } from './render-kustomization.ts';

function folderWith(context: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder(context);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: one }\ndata: { a: "1" }\n';

test('a component changes what was there before it, and the namespace comes last', (context) => {
  const folder = folderWith(context, {
    'kustomization.yaml': 'namespace: n\nresources: [one.yaml]\ncomponents: [part]\n',
    'one.yaml': configMap,
    'part/kustomization.yaml': 'patches: [{ path: change.yaml, target: { kind: ConfigMap, name: one } }]\n',
    'part/change.yaml': '[{ op: replace, path: /data/a, value: "2" }]\n',
  });
  assert.deepEqual(renderKustomization(folder), [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one', namespace: 'n' }, data: { a: '2' } },
  ]);
});

test('refuses what it cannot render, rather than to leave it out', (context) => {
  const folder = folderWith(context, {
    'kustomization.yaml': 'resources: [one.yaml]\nnamePrefix: x-\n',
    'one.yaml': configMap,
  });
  assert.throws(() => renderKustomization(folder), /namePrefix is not rendered here/);
});

test('refuses a patch that changes nothing', (context) => {
  const folder = folderWith(context, {
    'kustomization.yaml':
      'resources: [one.yaml]\npatches: [{ path: c.yaml, target: { kind: ConfigMap, name: two } }]\n',
    'one.yaml': configMap,
    'c.yaml': '[{ op: replace, path: /data/a, value: "2" }]\n',
  });
  assert.throws(() => renderKustomization(folder), /there is no ConfigMap\/two/);
});
