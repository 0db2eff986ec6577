import {
  ALL_TOPICS,
  type AppName,
  deadLetterTopicName,
  type TopicDefinition,
  Topics,
} from '@watertight/contracts';
import { APP_SHAPES, partitionsReadBy } from './app-shapes.ts';

interface Acl {
  readonly resource: { readonly type: string; readonly name: string; readonly patternType: 'literal' };
  readonly operations: readonly string[];
}

/** One principal per app with what the topic list says it does, KEDA's, and one for subscribers of the open topics. */
export function kafkaUsers(): readonly unknown[] {
  return [
    ...APP_SHAPES.map(({ name }) => kafkaUser(name, appAcls(name))),
    kafkaUser('keda', scalerAcls()),
    kafkaUser('subscriber', subscriberAcls()),
  ];
}

/** What an app produces and consumes, its dead letters and its group. Only the monitor's principal writes commands. */
export function appAcls(app: AppName): readonly Acl[] {
  const written = ALL_TOPICS.filter(({ producers }) => producers.includes(app));
  const groupTopics = ALL_TOPICS.filter(({ groups }) => groups.includes(app));
  // A group may be listed for its dead letters alone: who produces the facts of a topic does not read them.
  const read = groupTopics.filter((topic) => !written.includes(topic) || topic.name === Topics.outcomes.name);
  const isRead = (topic: TopicDefinition): boolean => read.includes(topic);
  const topics = ALL_TOPICS.filter((topic) => isRead(topic) || written.includes(topic));
  return [
    ...topics.map((topic) =>
      topicAcl(topic.name, [
        'Describe',
        'DescribeConfigs',
        ...(isRead(topic) ? ['Read'] : []),
        ...(written.includes(topic) ? ['Write'] : []),
      ]),
    ),
    ...groupTopics.map(({ name }) =>
      topicAcl(deadLetterTopicName(name, app), ['Describe', 'DescribeConfigs', 'Write']),
    ),
    groupAcl(app, ['Read', 'Describe']),
    ...(app === 'mirakl-ingest' ? admissionAcls() : []),
  ];
}

/** Before a backfill lets history in, it looks at the lag of the stages behind; it reads none of their records. */
function admissionAcls(): readonly Acl[] {
  return [
    topicAcl(Topics.buyerEvents.name, ['Describe']),
    ...(['profile-mapper', 'klaviyo-writer'] as const).map((group) => groupAcl(group, ['Describe'])),
  ];
}

/** KEDA looks at offsets; it reads no record. */
function scalerAcls(): readonly Acl[] {
  const groups = APP_SHAPES.filter(({ scale }) => scale !== null).map(({ name }) => name);
  const topics = ALL_TOPICS.filter((topic) => topic.groups.some((group) => groups.includes(group)));
  return [
    ...topics.map(({ name }) => topicAcl(name, ['Describe'])),
    ...groups.map((group) => groupAcl(group, ['Describe'])),
  ];
}

/** Another internal system: reads the topics that are open to others, with the group "subscriber". */
function subscriberAcls(): readonly Acl[] {
  return [
    ...ALL_TOPICS.filter(({ open }) => open).map(({ name }) => topicAcl(name, ['Describe', 'Read'])),
    groupAcl('subscriber', ['Read', 'Describe']),
  ];
}

function topicAcl(name: string, operations: readonly string[]): Acl {
  return { resource: { type: 'topic', name, patternType: 'literal' }, operations };
}

function groupAcl(name: string, operations: readonly string[]): Acl {
  return { resource: { type: 'group', name, patternType: 'literal' }, operations };
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
