import { stringify } from 'yaml';
import type { GeneratedFiles } from '../contract-files.ts';
import { APP_SHAPES } from './app-shapes.ts';
import { kafkaTopics } from './kafka-topics.ts';
import { kafkaUsers, scaledObjects } from './kafka-users.ts';
import { networkPolicies } from './network-policies.ts';
import { migrationJob, workloadOf } from './workloads.ts';

/** The manifests that follow from lists in the code: topics, principals, workloads. The rest of k8s/ is by hand. */
export function kubernetesFiles(): GeneratedFiles {
  return new Map([
    ['k8s/components/strimzi/kafka-topics.yaml', manifest(kafkaTopics())],
    ['k8s/components/strimzi/kafka-users.yaml', manifest(kafkaUsers())],
    ['k8s/components/keda/scaled-objects.yaml', manifest(scaledObjects())],
    ['k8s/base/network-policies.yaml', manifest(networkPolicies())],
    ['k8s/base/migrations.yaml', manifest(APP_SHAPES.map(migrationJob))],
    ...APP_SHAPES.map((shape) => [`k8s/base/${shape.name}.yaml`, manifest(workloadOf(shape))] as const),
  ]);
}

function manifest(documents: readonly unknown[]): string {
  const text = documents
    .map((document) => stringify(document, { lineWidth: 0, aliasDuplicateObjects: false }))
    .join('---\n');
  return `# Generated: npm run generate\n${text}`;
}
