import { ALL_TOPICS, type AppName } from '@watertight/contracts';

/** How an app runs in the cluster: what differs from app to app, and nothing else. */
export interface AppShape {
  readonly name: AppName;
  /** Replicas to begin with; with `scale`, KEDA takes over. */
  readonly replicas: number;
  /** Scaled by the lag of its group, as far as there are partitions. Ingest shares marketplaces by leases instead. */
  readonly scale: { readonly lagPerReplica: number } | null;
  /** The monitor keeps one replica: its alerts and its live view are told once. */
  readonly strategy: 'RollingUpdate' | 'Recreate';
  readonly memory: { readonly request: string; readonly limit: string };
  /** Talks to Mirakl, Klaviyo, an identity provider or a webhook. */
  readonly internet: boolean;
  /** Answers people, through the ingress. */
  readonly http: boolean;
  /** Keys that its Secret must hold, beside DATABASE_URL. */
  readonly secretKeys: readonly string[];
}

export const APP_SHAPES: readonly AppShape[] = [
  {
    name: 'mirakl-ingest',
    replicas: 2,
    scale: null,
    strategy: 'RollingUpdate',
    memory: { request: '224Mi', limit: '384Mi' },
    internet: true,
    http: false,
    secretKeys: [],
  },
  {
    name: 'profile-mapper',
    replicas: 2,
    scale: { lagPerReplica: 5_000 },
    strategy: 'RollingUpdate',
    memory: { request: '224Mi', limit: '384Mi' },
    internet: false,
    http: false,
    secretKeys: ['BUYER_ID_KEY'],
  },
  {
    name: 'klaviyo-writer',
    replicas: 2,
    scale: { lagPerReplica: 20_000 },
    strategy: 'RollingUpdate',
    memory: { request: '256Mi', limit: '384Mi' },
    internet: true,
    http: false,
    secretKeys: ['KLAVIYO_API_KEY'],
  },
  {
    name: 'leakage-monitor',
    replicas: 1,
    scale: null,
    strategy: 'Recreate',
    memory: { request: '256Mi', limit: '512Mi' },
    internet: true,
    http: true,
    // The same key as the mapper's: it tells whom an erasure is about.
    secretKeys: ['BUYER_ID_KEY', 'LOCAL_TOKEN'],
  },
];

/** Above this many, a replica of the group gets no partition. */
export function partitionsReadBy(group: AppName): number {
  return Math.max(
    0,
    ...ALL_TOPICS.filter(({ groups }) => groups.includes(group)).map(({ partitions }) => partitions),
  );
}

export const PART_OF = 'watertight';

export function labelsOf(app: string, component = 'service'): Readonly<Record<string, string>> {
  return {
    'app.kubernetes.io/name': app,
    'app.kubernetes.io/part-of': PART_OF,
    'app.kubernetes.io/component': component,
  };
}
