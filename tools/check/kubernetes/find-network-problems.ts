import { at, isRecord, listAt, type Manifest, titleOf } from './manifest.ts';

/** Default deny must be there, no rule may be open to everyone, and the internet is 443 without private addresses. */
export function findNetworkProblems(objects: readonly Manifest[]): readonly string[] {
  const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy');
  if (policies.length === 0) return [];
  const denies = policies.some(
    (policy) =>
      listAt(policy, 'spec', 'policyTypes').length === 2 &&
      at(policy, 'spec', 'ingress') === undefined &&
      at(policy, 'spec', 'egress') === undefined &&
      isRecord(at(policy, 'spec', 'podSelector')),
  );
  return [
    ...(denies ? [] : ['there is no NetworkPolicy that denies everything by default']),
    ...policies.flatMap((policy) => [
      ...listAt(policy, 'spec', 'ingress').flatMap((rule) => ruleProblems(policy, rule, 'from')),
      ...listAt(policy, 'spec', 'egress').flatMap((rule) => ruleProblems(policy, rule, 'to')),
    ]),
  ];
}

function ruleProblems(policy: Manifest, rule: unknown, side: 'from' | 'to'): readonly string[] {
  const title = titleOf(policy);
  const peers = listAt(rule, side);
  const ports = listAt(rule, 'ports').map((port) => at(port, 'port'));
  return [
    ...(peers.length > 0 ? [] : [`${title}: a rule is open to everyone`]),
    ...(ports.length > 0 ? [] : [`${title}: a rule is open for every port`]),
    ...peers.flatMap((peer) => {
      if (at(peer, 'ipBlock', 'cidr') !== '0.0.0.0/0') return [];
      const except = listAt(peer, 'ipBlock', 'except');
      const isSafe = ['10.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'].every((range) =>
        except.includes(range),
      );
      return [
        ...(isSafe ? [] : [`${title}: reaches private addresses by way of "the internet"`]),
        ...(ports.every((port) => port === 443) ? [] : [`${title}: reaches the internet without TLS`]),
      ];
    }),
  ];
}

/** Where the cluster's Kafka is part of the rendering: TLS on every listener, and services that use it. */
export function findTransportProblems(objects: readonly Manifest[]): readonly string[] {
  const clusters = objects.filter(({ kind }) => kind === 'Kafka');
  if (clusters.length === 0) return [];
  const settings = objects.find(({ metadata }) => metadata.name === 'watertight-settings');
  return [
    ...clusters.flatMap((cluster) =>
      listAt(cluster, 'spec', 'kafka', 'listeners').flatMap((listener) =>
        at(listener, 'tls') === true && at(listener, 'authentication', 'type') !== undefined
          ? []
          : [`${titleOf(cluster)}: a listener without TLS or without authentication`],
      ),
    ),
    ...(at(settings, 'data', 'KAFKA_SSL') === '1'
      ? []
      : ['ConfigMap/watertight-settings: KAFKA_SSL is not 1']),
    ...(String(at(settings, 'data', 'KAFKA_SASL_MECHANISM')).startsWith('scram')
      ? []
      : ['ConfigMap/watertight-settings: KAFKA_SASL_MECHANISM is not a scram one']),
  ];
}
