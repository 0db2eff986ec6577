import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { applyPatch } from './json-patch.ts';
import { findPolicyProblems } from './find-policy-problems.ts';
import { findSchemaProblems } from './find-schema-problems.ts';
import { at, isManifest, listAt, type Manifest } from './manifest.ts';
import { renderKustomization } from './render-kustomization.ts';

const production = renderKustomization(join(import.meta.dirname, '../../../k8s/overlays/production'));
const dev = renderKustomization(join(import.meta.dirname, '../../../k8s/overlays/dev'));

/** The production objects with one mistake planted. */
function planted(title: string, operations: readonly object[]): readonly Manifest[] {
  let hit = false;
  const objects = production.map((object) => {
    if (`${object.kind}/${object.metadata.name}` !== title) return object;
    hit = true;
    const changed = applyPatch(object, operations);
    assert.ok(isManifest(changed));
    return changed;
  });
  assert.ok(hit, `there is no ${title}`);
  return objects;
}

/** Where the monitor's right on the dead letters of ingest stands. */
const letterRight = listAt(
  production.find(({ kind, metadata }) => kind === 'KafkaUser' && metadata.name === 'leakage-monitor'),
  'spec',
  'authorization',
  'acls',
).findIndex((acl) => at(acl, 'resource', 'name') === 'mirakl.orders.v1.mirakl-ingest.dlq');

const pod = '/spec/template/spec';
const container = `${pod}/containers/0`;
const mistakes: readonly (readonly [string, string, readonly object[], RegExp])[] = [
  [
    'the tag latest',
    'Deployment/profile-mapper',
    [{ op: 'replace', path: `${container}/image`, value: 'watertight:latest' }],
    /without a fixed tag/,
  ],
  [
    'no tag',
    'Deployment/profile-mapper',
    [{ op: 'replace', path: `${container}/image`, value: 'registry:5000/watertight' }],
    /without a fixed tag/,
  ],
  [
    'a pod that may be root',
    'Deployment/profile-mapper',
    [{ op: 'replace', path: `${pod}/securityContext/runAsNonRoot`, value: false }],
    /may run as root/,
  ],
  [
    'the user 0',
    'Deployment/profile-mapper',
    [{ op: 'replace', path: `${pod}/securityContext/runAsUser`, value: 0 }],
    /no user other than root/,
  ],
  [
    'a container as root',
    'Deployment/profile-mapper',
    [{ op: 'add', path: `${container}/securityContext/runAsUser`, value: 0 }],
    /runs as root/,
  ],
  [
    'a writable root',
    'Job/migrate-klaviyo-writer',
    [{ op: 'replace', path: `${container}/securityContext/readOnlyRootFilesystem`, value: false }],
    /may write to its root/,
  ],
  [
    'kept capabilities',
    'Deployment/klaviyo-writer',
    [{ op: 'remove', path: `${container}/securityContext/capabilities` }],
    /keeps capabilities/,
  ],
  [
    'a token of the API server',
    'Deployment/klaviyo-writer',
    [{ op: 'replace', path: `${pod}/automountServiceAccountToken`, value: true }],
    /mounts a token/,
  ],
  [
    'a folder of the node',
    'Deployment/klaviyo-writer',
    [{ op: 'add', path: `${pod}/volumes/-`, value: { name: 'x', hostPath: { path: '/' } } }],
    /folder of its node/,
  ],
  [
    'no limits',
    'Deployment/klaviyo-writer',
    [{ op: 'remove', path: `${container}/resources/limits` }],
    /no limits of memory/,
  ],
  [
    'no readiness probe',
    'Deployment/mirakl-ingest',
    [{ op: 'remove', path: `${container}/readinessProbe` }],
    /no readinessProbe/,
  ],
  [
    'a secret as a value',
    'Deployment/mirakl-ingest',
    [{ op: 'add', path: `${container}/env/-`, value: { name: 'KLAVIYO_API_KEY', value: 'pk_1' } }],
    /holds the secret/,
  ],
  [
    'a secret as an argument',
    'Deployment/mirakl-ingest',
    [{ op: 'add', path: `${container}/args/-`, value: '--api-key=pk_1' }],
    /as an argument/,
  ],
  [
    'a kill before the drain',
    'Deployment/mirakl-ingest',
    [{ op: 'replace', path: `${pod}/terminationGracePeriodSeconds`, value: 15 }],
    /before it has drained/,
  ],
  [
    'a budget for other pods',
    'PodDisruptionBudget/mirakl-ingest',
    [{ op: 'replace', path: '/spec/selector/matchLabels', value: { app: 'other' } }],
    /no PodDisruptionBudget/,
  ],
  [
    'a rule for everyone',
    'NetworkPolicy/profile-mapper',
    [{ op: 'add', path: '/spec/egress/-', value: { ports: [{ port: 443 }] } }],
    /open to everyone/,
  ],
  [
    'a way to the metadata service',
    'NetworkPolicy/klaviyo-writer',
    [
      {
        op: 'add',
        path: '/spec/egress/-',
        value: { to: [{ ipBlock: { cidr: '0.0.0.0/0' } }], ports: [{ port: 443 }] },
      },
    ],
    /private addresses/,
  ],
  [
    'a wildcard right',
    'KafkaUser/subscriber',
    [{ op: 'replace', path: '/spec/authorization/acls/0/resource/name', value: '*' }],
    /more than one resource/,
  ],
  [
    'a prefix right',
    'KafkaUser/profile-mapper',
    [{ op: 'replace', path: '/spec/authorization/acls/0/resource/patternType', value: 'prefix' }],
    /more than one resource/,
  ],
  [
    'a mapper that commands',
    'KafkaUser/profile-mapper',
    [
      {
        op: 'add',
        path: '/spec/authorization/acls/-',
        value: {
          resource: { type: 'topic', name: 'sync.commands.v1', patternType: 'literal' },
          operations: ['Write'],
          host: '*',
        },
      },
    ],
    /may write commands/,
  ],
  [
    'a monitor that cannot read dead letters',
    'KafkaUser/leakage-monitor',
    [{ op: 'replace', path: `/spec/authorization/acls/${letterRight}/operations`, value: ['Describe'] }],
    /KafkaUser\/leakage-monitor: lacks Describe, Read on topic mirakl\.orders\.v1\.mirakl-ingest\.dlq/,
  ],
  [
    'a right that no code needs',
    'KafkaUser/klaviyo-writer',
    [
      {
        op: 'add',
        path: '/spec/authorization/acls/-',
        value: {
          resource: { type: 'topic', name: 'mirakl.orders.v1', patternType: 'literal' },
          operations: ['Read'],
          host: '*',
        },
      },
    ],
    /has Read on topic mirakl\.orders\.v1, which its code does not need/,
  ],
  [
    'a right on groups by prefix for someone else',
    'KafkaUser/klaviyo-writer',
    [
      {
        op: 'add',
        path: '/spec/authorization/acls/-',
        value: {
          resource: { type: 'group', name: 'whole-', patternType: 'prefix' },
          operations: ['Read'],
          host: '*',
        },
      },
    ],
    /more than one resource/,
  ],
  [
    'a subscriber that writes',
    'KafkaUser/subscriber',
    [{ op: 'replace', path: '/spec/authorization/acls/0/operations', value: ['Write'] }],
    /may write/,
  ],
  [
    'more replicas than partitions',
    'ScaledObject/klaviyo-writer',
    [{ op: 'replace', path: '/spec/maxReplicaCount', value: 50 }],
    /past the 6 partitions/,
  ],
  [
    'a listener without TLS',
    'Kafka/watertight',
    [{ op: 'replace', path: '/spec/kafka/listeners/0/tls', value: false }],
    /listener without TLS/,
  ],
  [
    'services that talk in the clear',
    'ConfigMap/watertight-settings',
    [{ op: 'replace', path: '/data/KAFKA_SSL', value: '0' }],
    /KAFKA_SSL/,
  ],
  [
    'a config map that is not there',
    'Deployment/mirakl-ingest',
    [{ op: 'replace', path: `${container}/envFrom/0/configMapRef/name`, value: 'settings' }],
    /there is no ConfigMap\/settings/,
  ],
];

test('the overlays keep every rule', () => {
  assert.deepEqual(findPolicyProblems(production), []);
  assert.deepEqual(findPolicyProblems(dev), []);
});

for (const [what, title, operations, expected] of mistakes) {
  test(`finds ${what}`, () => {
    const problems = findPolicyProblems(planted(title, operations));
    assert.ok(
      problems.some((problem) => expected.test(problem)),
      `said only: ${problems.join('\n')}`,
    );
  });
}

test('finds that nothing is denied by default', () => {
  const without = production.filter(({ metadata }) => metadata.name !== 'watertight-default-deny');
  assert.ok(findPolicyProblems(without).some((problem) => /denies everything/.test(problem)));
});

test('finds a Deployment without a network policy', () => {
  const without = production.filter(
    ({ kind, metadata }) => kind !== 'NetworkPolicy' || !/ingest|deny/.test(metadata.name),
  );
  assert.ok(
    findPolicyProblems(without).some((problem) =>
      /Deployment\/mirakl-ingest: has no NetworkPolicy/.test(problem),
    ),
  );
});

test('finds what the published schemas refuse', () => {
  assert.deepEqual(findSchemaProblems(production), []);
  const wrongType = planted('Deployment/profile-mapper', [
    { op: 'add', path: '/spec/replicas', value: 'two' },
  ]);
  assert.match(findSchemaProblems(wrongType).join('\n'), /Deployment\/profile-mapper: .*replicas/);
  const unknownKind = [{ apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'x' } }];
  assert.match(findSchemaProblems(unknownKind).join('\n'), /no schema/);
});
