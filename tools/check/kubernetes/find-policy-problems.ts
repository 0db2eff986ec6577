import { at, isRecord, listAt, type Manifest, podOf, titleOf } from './manifest.ts';
import { findAclDifferences, findAclProblems } from './find-acl-problems.ts';
import { principals } from '../../generate/kubernetes/kafka-users.ts';
import { findNetworkProblems, findTransportProblems } from './find-network-problems.ts';

/** Our own rules for what is deployed, beyond what the API server would take. One line per breach. */
export function findPolicyProblems(objects: readonly Manifest[]): readonly string[] {
  return [
    ...objects.flatMap(podProblems),
    ...objects.filter(({ kind }) => kind === 'Deployment').flatMap((one) => companionProblems(one, objects)),
    ...objects.flatMap(findAclProblems),
    ...findAclDifferences(objects, principals()),
    ...findNetworkProblems(objects),
    ...findTransportProblems(objects),
    ...scaleProblems(objects),
    ...danglingReferences(objects),
  ];
}

function podProblems(manifest: Manifest): readonly string[] {
  const pod = podOf(manifest);
  if (pod === undefined) return [];
  const title = titleOf(manifest);
  const says = (ok: boolean, problem: string): string[] => (ok ? [] : [`${title}: ${problem}`]);
  const containers = [...listAt(pod, 'containers'), ...listAt(pod, 'initContainers')];
  return [
    ...says(pod['automountServiceAccountToken'] === false, 'mounts a token of the API server'),
    ...says(at(pod, 'securityContext', 'runAsNonRoot') === true, 'may run as root'),
    ...says(Number(at(pod, 'securityContext', 'runAsUser')) > 0, 'names no user other than root'),
    ...says(
      at(pod, 'securityContext', 'seccompProfile', 'type') === 'RuntimeDefault',
      'has no seccomp profile',
    ),
    ...says(!pod['hostNetwork'] && !pod['hostPID'] && !pod['hostIPC'], 'shares a namespace with its node'),
    ...listAt(pod, 'volumes').flatMap((volume) =>
      says(!isRecord(volume) || !('hostPath' in volume), 'mounts a folder of its node'),
    ),
    ...containers.flatMap((container) => containerProblems(title, container)),
    ...(manifest.kind === 'Job' ? [] : probeProblems(title, listAt(pod, 'containers'))),
  ];
}

function containerProblems(title: string, container: unknown): readonly string[] {
  const where = `${title}, container ${String(at(container, 'name'))}`;
  const says = (ok: boolean, problem: string): string[] => (ok ? [] : [`${where}: ${problem}`]);
  const security = at(container, 'securityContext');
  const [, tag] = /:([^:/]+)$/.exec(String(at(container, 'image'))) ?? [];
  return [
    ...says(tag !== undefined && tag !== 'latest', 'has an image without a fixed tag'),
    ...says(at(security, 'readOnlyRootFilesystem') === true, 'may write to its root file system'),
    ...says(at(security, 'allowPrivilegeEscalation') === false, 'may gain privileges'),
    ...says(at(security, 'privileged') !== true, 'is privileged'),
    ...says(at(security, 'runAsUser') !== 0 && at(security, 'runAsNonRoot') !== false, 'runs as root'),
    ...says(listAt(security, 'capabilities', 'drop').includes('ALL'), 'keeps capabilities'),
    ...['requests', 'limits'].flatMap((which) =>
      ['cpu', 'memory'].flatMap((what) =>
        says(at(container, 'resources', which, what) !== undefined, `has no ${which} of ${what}`),
      ),
    ),
    ...listAt(container, 'env').flatMap((variable) =>
      says(
        !/(KEY|SECRET|PASSWORD|TOKEN|DATABASE_URL)$/.test(String(at(variable, 'name'))) ||
          at(variable, 'value') === undefined,
        `holds the secret ${String(at(variable, 'name'))} as a value`,
      ),
    ),
    ...says(
      ![...listAt(container, 'args'), ...listAt(container, 'command')].some((word) =>
        /(key|secret|password|token)=/i.test(String(word)),
      ),
      'gets a secret as an argument, which every process list shows',
    ),
  ];
}

/** At least one container of a pod must say how it is; a helper beside it need not. */
function probeProblems(title: string, containers: readonly unknown[]): readonly string[] {
  return ['startupProbe', 'livenessProbe', 'readinessProbe'].flatMap((probe) =>
    containers.some((container) => at(container, probe) !== undefined) ? [] : [`${title}: has no ${probe}`],
  );
}

/** A Deployment needs a disruption budget and a network policy that really select its pods. */
function companionProblems(deployment: Manifest, objects: readonly Manifest[]): readonly string[] {
  const labels = at(deployment, 'spec', 'template', 'metadata', 'labels');
  const selects = (selector: unknown): boolean => {
    const wanted = at(selector, 'matchLabels');
    return (
      isRecord(wanted) &&
      Object.keys(wanted).length > 0 &&
      Object.entries(wanted).every(([key, value]) => at(labels, key) === value)
    );
  };
  const title = titleOf(deployment);
  const ofKind = (kind: string): readonly Manifest[] => objects.filter((one) => one.kind === kind);
  const drain = 20;
  const grace = Number(at(deployment, 'spec', 'template', 'spec', 'terminationGracePeriodSeconds') ?? 30);
  return [
    ...(ofKind('PodDisruptionBudget').some((one) => selects(at(one, 'spec', 'selector')))
      ? []
      : [`${title}: has no PodDisruptionBudget`]),
    // One of its own: the one that denies everything selects every pod.
    ...(ofKind('NetworkPolicy').some(
      (one) =>
        selects(at(one, 'spec', 'podSelector')) &&
        at(one, 'spec', 'podSelector', 'matchLabels', 'app.kubernetes.io/name') !== undefined,
    )
      ? []
      : [`${title}: has no NetworkPolicy`]),
    ...(grace > drain ? [] : [`${title}: is killed before it has drained (${grace} s)`]),
  ];
}

/** KEDA must not scale past the partitions, and only what exists. */
function scaleProblems(objects: readonly Manifest[]): readonly string[] {
  const partitions = new Map(
    objects
      .filter(({ kind }) => kind === 'KafkaTopic')
      .map((topic) => [topic.metadata.name, Number(at(topic, 'spec', 'partitions'))]),
  );
  return objects
    .filter(({ kind }) => kind === 'ScaledObject')
    .flatMap((scaled) => {
      const target = at(scaled, 'spec', 'scaleTargetRef', 'name');
      const most = Math.max(
        ...listAt(scaled, 'spec', 'triggers').map(
          (trigger) => partitions.get(String(at(trigger, 'metadata', 'topic'))) ?? 0,
        ),
      );
      const title = titleOf(scaled);
      return [
        ...(Number(at(scaled, 'spec', 'maxReplicaCount')) <= most
          ? []
          : [`${title}: scales past the ${most} partitions of its topics`]),
        ...(objects.some(({ kind, metadata }) => kind === 'Deployment' && metadata.name === target)
          ? []
          : [`${title}: there is no Deployment/${String(target)}`]),
      ];
    });
}

/** Config maps that a pod needs must be part of the same rendering: a typing mistake is a pod that never starts. */
function danglingReferences(objects: readonly Manifest[]): readonly string[] {
  const has = (kind: string, name: unknown): boolean =>
    objects.some((one) => one.kind === kind && one.metadata.name === name);
  return objects.flatMap((manifest) => {
    const pod = podOf(manifest);
    const containers = pod === undefined ? [] : listAt(pod, 'containers');
    const maps = [
      ...containers.flatMap((container) =>
        listAt(container, 'envFrom').map((source) => at(source, 'configMapRef', 'name')),
      ),
      ...(pod === undefined ? [] : listAt(pod, 'volumes').map((volume) => at(volume, 'configMap', 'name'))),
    ].filter((name) => name !== undefined);
    const secrets = containers.flatMap((container) =>
      listAt(container, 'envFrom')
        .map((source) => at(source, 'secretRef', 'name'))
        .filter((name) => name !== undefined),
    );
    return [
      ...maps.filter((name) => !has('ConfigMap', name)).map((name) => `ConfigMap/${String(name)}`),
      ...secrets
        .filter((name) => !has('Secret', name) && !has('ExternalSecret', name))
        .map((name) => `Secret/${String(name)}`),
    ].map((missing) => `${titleOf(manifest)}: there is no ${missing}`);
  });
}
