import {
  ALL_TOPICS,
  type AppName,
  deadLetterTopicName,
  deadLetterTopicsOf,
  Topics,
} from '@watertight/contracts';
import { APP_SHAPES, partitionsReadBy } from './app-shapes.ts';
import { kafkaUseOf, sourcesOf, type KafkaUse } from './kafka-use.ts';

export interface Acl {
  readonly resource: {
    readonly type: 'topic' | 'group';
    readonly name: string;
    readonly patternType: 'literal' | 'prefix';
  };
  readonly operations: readonly string[];
}

type Rights = Map<string, { readonly acl: Acl; readonly operations: Set<string> }>;

/** One principal per app with what its code does, KEDA's, and one for subscribers of the open topics. */
export function kafkaUsers(): readonly unknown[] {
  return [...principals()].map(([name, acls]) => kafkaUser(name, acls));
}

/** Every principal with its rights. */
export function principals(): ReadonlyMap<string, readonly Acl[]> {
  return new Map([
    ...APP_SHAPES.map(({ name }) => [name, appAcls(name)] as const),
    ['keda', scalerAcls()],
    ['subscriber', subscriberAcls()],
  ]);
}

/** What the code of an app does at the brokers, and nothing else. */
export function appAcls(app: AppName, use: KafkaUse = kafkaUseOf(sourcesOf(app))): readonly Acl[] {
  const rights: Rights = new Map();
  for (const { name } of use.reads) allow(rights, topic(name), ['Describe', 'Read']);
  for (const { name } of use.writes) allow(rights, topic(name), ['Describe', 'Write']);
  // Its own dead letters, those of records included that were never on a topic.
  for (const { name, groups } of ALL_TOPICS)
    if (groups.includes(app)) allow(rights, topic(deadLetterTopicName(name, app)), ['Describe', 'Write']);
  allow(rights, group(app), ['Read', 'Describe']);
  for (const look of use.looksAt) {
    allow(rights, topic(look.topic.name), ['Describe']);
    allow(rights, group(look.group), ['Describe']);
  }
  if (use.watchesAll) watch(rights);
  if (use.replays) replay(rights, app);
  // `readWhole` of libs/kafka; such a group commits nothing.
  if (use.readsWhole) allow(rights, group('whole-', 'prefix'), ['Read', 'Describe']);
  return [...rights.values()].map(({ acl, operations }) => ({ ...acl, operations: [...operations] }));
}

/** The place of every group on every topic, and how many dead letters there are. */
function watch(rights: Rights): void {
  for (const each of ALL_TOPICS) {
    for (const name of [each.name, ...deadLetterTopicsOf(each)]) allow(rights, topic(name), ['Describe']);
  }
  for (const { name } of APP_SHAPES) allow(rights, group(name), ['Describe']);
}

/**
 * Dead letters are read, in groups that are deleted afterwards, and put back on the topics they came from. Commands are
 * not put back: their dead letters are written by others than the one that may command.
 */
function replay(rights: Rights, app: AppName): void {
  for (const each of ALL_TOPICS) {
    for (const name of deadLetterTopicsOf(each)) allow(rights, topic(name), ['Describe', 'Read']);
    if (each !== Topics.commands) allow(rights, topic(each.name), ['Describe', 'Write']);
  }
  allow(rights, group(`${app}.reader-`, 'prefix'), ['Read', 'Describe', 'Delete']);
}

function allow(rights: Rights, resource: Acl['resource'], operations: readonly string[]): void {
  const key = `${resource.type} ${resource.name}`;
  const right = rights.get(key) ?? { acl: { resource, operations: [] }, operations: new Set<string>() };
  rights.set(key, right);
  for (const operation of operations) right.operations.add(operation);
}

/** KEDA looks at offsets; it reads no record. */
function scalerAcls(): readonly Acl[] {
  const groups = APP_SHAPES.filter(({ scale }) => scale !== null).map(({ name }) => name);
  const topics = ALL_TOPICS.filter((each) => each.groups.some((name) => groups.includes(name)));
  return [
    ...topics.map(({ name }) => one(topic(name), ['Describe'])),
    ...groups.map((name) => one(group(name), ['Describe'])),
  ];
}

/** Another internal system: reads the topics that are open to others, with the group "subscriber". */
function subscriberAcls(): readonly Acl[] {
  return [
    ...ALL_TOPICS.filter(({ open }) => open).map(({ name }) => one(topic(name), ['Describe', 'Read'])),
    one(group('subscriber'), ['Read', 'Describe']),
  ];
}

function one(resource: Acl['resource'], operations: readonly string[]): Acl {
  return { resource, operations };
}

function topic(name: string): Acl['resource'] {
  return { type: 'topic', name, patternType: 'literal' };
}

function group(name: string, patternType: 'literal' | 'prefix' = 'literal'): Acl['resource'] {
  return { type: 'group', name, patternType };
}

function kafkaUser(name: string, acls: readonly Acl[]): unknown {
  return {
    apiVersion: 'kafka.strimzi.io/v1',
    kind: 'KafkaUser',
    metadata: { name, labels: { 'strimzi.io/cluster': 'watertight' } },
    spec: {
      authentication: { type: 'scram-sha-512' },
      authorization: { type: 'simple', acls: acls.map((acl) => ({ ...acl, host: '*' })) },
    },
  };
}

/** KEDA scales the groups that work off a queue; the partitions are the ceiling. */
export function scaledObjects(): readonly unknown[] {
  return APP_SHAPES.flatMap(({ name, replicas, scale }) => {
    if (scale === null) return [];
    const topics = ALL_TOPICS.filter(
      (topic) => topic.groups.includes(name) && topic.name !== Topics.commands.name,
    );
    return [
      {
        apiVersion: 'keda.sh/v1alpha1',
        kind: 'ScaledObject',
        metadata: { name, labels: { 'app.kubernetes.io/part-of': 'watertight' } },
        spec: {
          scaleTargetRef: { name },
          pollingInterval: 15,
          // A rebalance costs a pause: do not follow every ripple.
          cooldownPeriod: 300,
          minReplicaCount: replicas,
          maxReplicaCount: partitionsReadBy(name),
          advanced: {
            horizontalPodAutoscalerConfig: {
              behavior: { scaleDown: { stabilizationWindowSeconds: 300 } },
            },
          },
          triggers: topics.map((topic) => ({
            type: 'kafka',
            metadata: {
              bootstrapServers: 'watertight-kafka-bootstrap:9093',
              consumerGroup: name,
              topic: topic.name,
              lagThreshold: String(scale.lagPerReplica),
              offsetResetPolicy: 'earliest',
            },
            authenticationRef: { name: 'watertight-kafka' },
          })),
        },
      },
    ];
  });
}
