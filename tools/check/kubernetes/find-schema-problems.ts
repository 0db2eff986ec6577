import { ExternalSecret } from '@kubernetes-models/external-secrets/external-secrets.io/v1';
import { ScaledObject, TriggerAuthentication } from '@kubernetes-models/keda/keda.sh/v1alpha1';
import { PodMonitor, PrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import {
  Kafka,
  KafkaNodePool,
  KafkaTopic,
  KafkaUser,
} from '@kubernetes-models/strimzi-kafka-operator/kafka.strimzi.io/v1';
import { Deployment, StatefulSet } from 'kubernetes-models/apps/v1';
import { Job } from 'kubernetes-models/batch/v1';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ConfigMap, Namespace, Secret, Service, ServiceAccount } from 'kubernetes-models/v1';
import { type Manifest, titleOf } from './manifest.ts';

interface Model {
  validate(): void;
}

/** The published schema of every kind that k8s/ uses. */
const models: Readonly<Record<string, new (...object: never[]) => Model>> = {
  'apps/v1/Deployment': Deployment,
  'apps/v1/StatefulSet': StatefulSet,
  'batch/v1/Job': Job,
  'external-secrets.io/v1/ExternalSecret': ExternalSecret,
  'kafka.strimzi.io/v1/Kafka': Kafka,
  'kafka.strimzi.io/v1/KafkaNodePool': KafkaNodePool,
  'kafka.strimzi.io/v1/KafkaTopic': KafkaTopic,
  'kafka.strimzi.io/v1/KafkaUser': KafkaUser,
  'keda.sh/v1alpha1/ScaledObject': ScaledObject,
  'keda.sh/v1alpha1/TriggerAuthentication': TriggerAuthentication,
  'monitoring.coreos.com/v1/PodMonitor': PodMonitor,
  'monitoring.coreos.com/v1/PrometheusRule': PrometheusRule,
  'networking.k8s.io/v1/NetworkPolicy': NetworkPolicy,
  'policy/v1/PodDisruptionBudget': PodDisruptionBudget,
  'v1/ConfigMap': ConfigMap,
  'v1/Namespace': Namespace,
  'v1/Secret': Secret,
  'v1/Service': Service,
  'v1/ServiceAccount': ServiceAccount,
};

/**
 * What the published schemas say against the objects. A kind without a schema here is a problem too. These schemas
 * let unknown fields pass; `kubernetes-validate --strict`, where it is installed, does not.
 */
export function findSchemaProblems(objects: readonly Manifest[]): readonly string[] {
  return objects.flatMap((object) => {
    const make = models[`${object.apiVersion}/${object.kind}`];
    if (make === undefined) return [`${titleOf(object)}: no schema for ${object.apiVersion} ${object.kind}`];
    try {
      // The models type their input; here it is what validate() is to judge.
      const model: Model = Reflect.construct(make, [structuredClone(object)]);
      model.validate();
      return [];
    } catch (error) {
      return [`${titleOf(object)}: ${error instanceof Error ? error.message : String(error)}`];
    }
  });
}
