import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { findProvisionProblems, type Provision } from './find-provision-problems.ts';

const root = join(import.meta.dirname, '../../..');
const dashboards = join(root, 'k8s/components/monitoring/dashboards');
const text = (path: string): string => readFileSync(join(root, path), 'utf8');

/** The committed files, each changed as text before it is read. */
function committed(change: (file: string, text: string) => string = (_file, before) => before): Provision {
  const read = (path: string): unknown => parse(change(path, text(path)), { merge: true });
  return {
    compose: read('docker-compose.yml'),
    prometheus: read('monitoring/prometheus.yml'),
    dataSources: read('monitoring/grafana/datasources/prometheus.yml'),
    providers: read('monitoring/grafana/dashboards/watertight.yml'),
    dashboards: Object.fromEntries(
      readdirSync(dashboards).map((name) => [name, JSON.parse(readFileSync(join(dashboards, name), 'utf8'))]),
    ),
    exists: (path) => existsSync(join(root, path)),
  };
}

test('docker compose brings Prometheus and Grafana up with rules, targets, data source and dashboards', () => {
  assert.deepEqual(findProvisionProblems(committed()), []);
  assert.ok(Object.keys(committed().dashboards).length >= 2);
});

for (const [what, file, from, to, expected] of [
  [
    'a port that moved',
    'docker-compose.yml',
    "PORT: '8083'",
    "PORT: '9083'",
    /klaviyo-writer at sandbox:8083/,
  ],
  [
    'a service that is not scraped',
    'monitoring/prometheus.yml',
    'service: profile-mapper',
    'service: x',
    /nowhere/,
  ],
  [
    'rules that are not there',
    'docker-compose.yml',
    './monitoring/rules:',
    './monitoring/rule:',
    /no \.\/monitoring\/rule /,
  ],
  [
    'dashboards that are not mounted',
    'monitoring/grafana/dashboards/watertight.yml',
    '/var/lib',
    '/srv',
    /nothing is mounted/,
  ],
  [
    'another data source',
    'monitoring/grafana/datasources/prometheus.yml',
    'type: prometheus',
    'type: loki',
    /not provisioned/,
  ],
] as const) {
  test(`finds ${what}`, () => {
    assert.ok(text(file).includes(from), `${file} does not say ${from}`);
    const changed = committed((path, before) => (path === file ? before.replaceAll(from, to) : before));
    assert.match(findProvisionProblems(changed).join('\n'), expected);
  });
}
