import {
  ALL_TOPICS,
  DEAD_LETTER_RETENTION_MS,
  deadLetterTopicsOf,
  MAX_COMPACTION_LAG_MS,
} from '@watertight/contracts';
import type { TopicDefinition } from '@watertight/contracts';

/** The Strimzi KafkaTopics, from the one list of topics. */
export function kafkaTopics(): readonly unknown[] {
  return ALL_TOPICS.flatMap((topic) => [
    kafkaTopic(topic.name, topic.partitions, configOf(topic)),
    ...deadLetterTopicsOf(topic).map((name) =>
      kafkaTopic(name, 1, { 'cleanup.policy': 'delete', 'retention.ms': DEAD_LETTER_RETENTION_MS }),
    ),
  ]);
}

function configOf(topic: TopicDefinition): Record<string, string | number> {
  if (topic.cleanup === 'delete')
    return { 'cleanup.policy': 'delete', 'retention.ms': topic.retentionMs ?? -1 };
  return {
    'cleanup.policy': 'compact',
    'max.compaction.lag.ms': MAX_COMPACTION_LAG_MS,
    'delete.retention.ms': MAX_COMPACTION_LAG_MS,
  };
}

function kafkaTopic(name: string, partitions: number, config: Record<string, string | number>): unknown {
  return {
    apiVersion: 'kafka.strimzi.io/v1',
    kind: 'KafkaTopic',
    metadata: { name, labels: { 'strimzi.io/cluster': 'watertight' } },
    spec: { partitions, replicas: 3, config: { ...config, 'min.insync.replicas': 2 } },
  };
}
