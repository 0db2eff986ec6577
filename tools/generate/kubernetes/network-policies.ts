import { APP_SHAPES, type AppShape, labelsOf, PART_OF } from './app-shapes.ts';

/** Private, link-local and loopback ranges: nothing that calls the internet has business there (metadata services!). */
const NOT_THE_INTERNET = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
];

const namespace = (name: string): object => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
});
const tcp = (...ports: readonly number[]): readonly object[] =>
  ports.map((port) => ({ protocol: 'TCP', port }));

/** Nothing in, nothing out, unless a policy below says so. */
export function defaultDeny(): unknown {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'watertight-default-deny', labels: { 'app.kubernetes.io/part-of': PART_OF } },
    spec: {
      podSelector: { matchLabels: { 'app.kubernetes.io/part-of': PART_OF } },
      policyTypes: ['Ingress', 'Egress'],
    },
  };
}

/** What the service pods and the migration job of an app may reach, and who may reach them. */
export function networkPolicyOf(shape: AppShape): unknown {
  const { name, internet, http } = shape;
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, labels: labelsOf(name) },
    spec: {
      podSelector: { matchLabels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': PART_OF } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        // Metrics. Probes come from the node and need no rule.
        { from: [namespace('monitoring')], ports: tcp(8080) },
        ...(http ? [{ from: [namespace('ingress-nginx')], ports: tcp(8080) }] : []),
      ],
      egress: [
        {
          to: [
            {
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
              podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
            },
          ],
          ports: [{ protocol: 'UDP', port: 53 }, ...tcp(53)],
        },
        {
          to: [{ podSelector: { matchLabels: { 'watertight.dev/role': 'kafka' } } }],
          ports: tcp(9092, 9093),
        },
        { to: [{ podSelector: { matchLabels: { 'watertight.dev/role': 'postgres' } } }], ports: tcp(5432) },
        { to: [namespace('observability')], ports: tcp(4318) },
        ...(internet
          ? [{ to: [{ ipBlock: { cidr: '0.0.0.0/0', except: NOT_THE_INTERNET } }], ports: tcp(443) }]
          : []),
      ],
    },
  };
}

export function networkPolicies(): readonly unknown[] {
  return [defaultDeny(), ...APP_SHAPES.map(networkPolicyOf)];
}
