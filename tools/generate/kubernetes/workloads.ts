import { type AppShape, labelsOf } from './app-shapes.ts';

const HTTP_PORT = 8080;
/** Longer than the drain (DRAIN_DEADLINE, 20 s) and the time that the endpoints need to forget the pod. */
const TERMINATION_SECONDS = 45;

/** Deployment, Service, PodDisruptionBudget and ServiceAccount of one app. */
export function workloadOf(shape: AppShape): readonly unknown[] {
  const { name } = shape;
  const metadata = { name, labels: labelsOf(name) };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata, automountServiceAccountToken: false },
    deployment(shape),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        selector: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/component': 'service' },
        ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }],
      },
    },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata,
      spec: {
        maxUnavailable: 1,
        selector: {
          matchLabels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/component': 'service' },
        },
      },
    },
  ];
}

/** The Job that brings an app's schema up to date before the new version rolls out. */
export function migrationJob(shape: AppShape): unknown {
  const name = `migrate-${shape.name}`;
  const labels = labelsOf(shape.name, 'migration');
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      labels,
      annotations: {
        // Argo CD runs it before the sync; with kubectl see docs/operations/upgrades.md.
        'argocd.argoproj.io/hook': 'PreSync',
        'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
      },
    },
    spec: {
      backoffLimit: 3,
      activeDeadlineSeconds: 900,
      ttlSecondsAfterFinished: 86_400,
      template: {
        metadata: { labels },
        spec: {
          ...podSecurity(shape.name),
          restartPolicy: 'Never',
          containers: [{ ...container(shape), args: [shape.name, 'migrate'] }],
          volumes: volumes(),
        },
      },
    },
  };
}

function deployment(shape: AppShape): unknown {
  const { name, replicas, scale, strategy } = shape;
  const labels = labelsOf(name);
  const selector = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/component': 'service' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels },
    spec: {
      // With KEDA the number of replicas is not ours to set at every apply.
      ...(scale === null ? { replicas } : {}),
      revisionHistoryLimit: 5,
      selector: { matchLabels: selector },
      strategy:
        strategy === 'Recreate'
          ? { type: 'Recreate' }
          : { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      template: {
        metadata: { labels },
        spec: {
          ...podSecurity(name),
          terminationGracePeriodSeconds: TERMINATION_SECONDS,
          topologySpreadConstraints: ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map(
            (topologyKey) => ({
              maxSkew: 1,
              topologyKey,
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector: { matchLabels: selector },
            }),
          ),
          containers: [{ ...container(shape), ...probes() }],
          volumes: volumes(),
        },
      },
    },
  };
}

function podSecurity(serviceAccountName: string): object {
  return {
    serviceAccountName,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 10_001,
      runAsGroup: 10_001,
      fsGroup: 10_001,
      seccompProfile: { type: 'RuntimeDefault' },
    },
  };
}

function container({ name, memory }: AppShape): object {
  return {
    name,
    image: 'watertight',
    imagePullPolicy: 'IfNotPresent',
    args: [name],
    ports: [{ name: 'http', containerPort: HTTP_PORT, protocol: 'TCP' }],
    env: [
      { name: 'HOST', value: '0.0.0.0' },
      { name: 'PORT', value: String(HTTP_PORT) },
      { name: 'MARKETPLACES_FILE', value: '/etc/watertight/marketplaces.yaml' },
      { name: 'DRAIN_DEADLINE', value: '20s' },
      // Used where the settings switch SASL and TLS on; Strimzi keeps the password in a Secret of the user's name.
      { name: 'KAFKA_SASL_USERNAME', value: name },
      {
        name: 'KAFKA_SASL_PASSWORD',
        valueFrom: { secretKeyRef: { name, key: 'password', optional: true } },
      },
    ],
    envFrom: [
      { configMapRef: { name: 'watertight-settings' } },
      { secretRef: { name: `watertight-${name}` } },
    ],
    resources: {
      requests: { cpu: '250m', memory: memory.request },
      limits: { cpu: '2', memory: memory.limit },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [
      { name: 'policy', mountPath: '/etc/watertight', readOnly: true },
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'kafka-ca', mountPath: '/etc/kafka-ca', readOnly: true },
    ],
  };
}

function probes(): object {
  const live = { httpGet: { path: '/health/live', port: 'http' } };
  return {
    startupProbe: { ...live, periodSeconds: 2, failureThreshold: 60, timeoutSeconds: 2 },
    livenessProbe: { ...live, periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 3 },
    readinessProbe: {
      httpGet: { path: '/health/ready', port: 'http' },
      periodSeconds: 5,
      failureThreshold: 2,
      timeoutSeconds: 4,
    },
  };
}

function volumes(): readonly object[] {
  return [
    { name: 'policy', configMap: { name: 'watertight-policy' } },
    { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } },
    { name: 'kafka-ca', secret: { secretName: 'watertight-cluster-ca-cert', optional: true } },
  ];
}
