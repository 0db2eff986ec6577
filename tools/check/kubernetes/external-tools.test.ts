import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../stack/test-support.ts';
import { compareWithKustomize, isInstalled, validateStrictly } from './external-tools.ts';
import { isManifest, type Manifest } from './manifest.ts';
import { applyPatch } from './json-patch.ts';
import { renderKustomization } from './render-kustomization.ts';

// These programs are installed by .ci/run where their registries answer.
const k8s = join(import.meta.dirname, '../../../k8s');
const dev = renderKustomization(join(k8s, 'overlays/dev'));
const unless = (program: string): { skip: string | false } => ({
  skip: isInstalled(program) ? false : `${program} is not installed here`,
});

function planted(operation: object): readonly Manifest[] {
  return dev.map((object) => {
    if (object.kind !== 'Deployment' || object.metadata.name !== 'mirakl-ingest') return object;
    const changed = applyPatch(object, [operation]);
    assert.ok(isManifest(changed));
    return changed;
  });
}

test(
  'kubernetes-validate takes what we render, and finds a wrong type and an unknown field',
  unless('kubernetes-validate'),
  () => {
    assert.deepEqual(validateStrictly('kubernetes-validate', dev), []);
    const wrongType = planted({ op: 'add', path: '/spec/replicas', value: 'two' });
    assert.match(validateStrictly('kubernetes-validate', wrongType).join('\n'), /'two' is not of type/);
    const unknown = planted({ op: 'add', path: '/spec/replicaCount', value: 2 });
    assert.match(validateStrictly('kubernetes-validate', unknown).join('\n'), /replicaCount/);
  },
);

test('kustomize builds what we render, and a difference is found', unless('kustomize'), (context) => {
  const folder = temporaryFolder(context);
  cpSync(k8s, folder, { recursive: true });
  const overlay = join(folder, 'overlays/dev');
  assert.deepEqual(compareWithKustomize('kustomize', overlay, dev), []);
  const file = join(folder, 'base/mirakl-ingest.yaml');
  const text = readFileSync(file, 'utf8');
  assert.match(text, /revisionHistoryLimit: 5/);
  writeFileSync(file, text.replace('revisionHistoryLimit: 5', 'revisionHistoryLimit: 6'));
  assert.match(
    compareWithKustomize('kustomize', overlay, dev).join('\n'),
    /Deployment\/mirakl-ingest differs/,
  );
  writeFileSync(file, text.replace('kind: PodDisruptionBudget', 'kind: PodDisruptionBudgets'));
  assert.notDeepEqual(compareWithKustomize('kustomize', overlay, dev), []);
});
