import {
  DEAD_LETTER_RETENTION_MS,
  deadLetterTopicsOf,
  MAX_COMPACTION_LAG_MS,
  type TopicDefinition,
} from '@watertight/contracts';
import { ConfigError } from '@watertight/service';
import type { Admin, ITopicConfig } from 'kafkajs';
import type { KafkaConnection } from './kafka-connection.ts';
import { connectError, isTransient } from './kafka-errors.ts';

/** A dead letter is its original and some headers: it must fit where the original did. */
const DEAD_LETTER_MAX_BYTES = 2_097_152;
const DEAD_LETTER_PARTITIONS = 1;
const KNOWN_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 100;

/** How a topic of the list is to be made. `replicationFactor` -1 is the brokers' default. */
export function topicConfig(topic: TopicDefinition, replicationFactor = -1): ITopicConfig {
  const entries = {
    'cleanup.policy': topic.cleanup,
    ...(topic.retentionMs === null ? {} : { 'retention.ms': String(topic.retentionMs) }),
    ...(topic.cleanup === 'compact'
      ? {
          // Both are needed for an erasure to be complete within a day: compaction runs by the first also when
          // little has changed, and the second lets it run early when much has.
          'max.compaction.lag.ms': String(MAX_COMPACTION_LAG_MS),
          'min.cleanable.dirty.ratio': '0.1',
        }
      : {}),
  };
  return {
    topic: topic.name,
    numPartitions: topic.partitions,
    replicationFactor,
    configEntries: entriesOf(entries),
  };
}

/** The dead-letter topics of the groups that read a topic. */
export function deadLetterTopicConfigs(topic: TopicDefinition, replicationFactor = -1): ITopicConfig[] {
  const configEntries = entriesOf({
    'cleanup.policy': 'delete',
    'retention.ms': String(DEAD_LETTER_RETENTION_MS),
    'max.message.bytes': String(DEAD_LETTER_MAX_BYTES),
  });
  return deadLetterTopicsOf(topic).map((name) => ({
    topic: name,
    numPartitions: DEAD_LETTER_PARTITIONS,
    replicationFactor,
    configEntries,
  }));
}

/**
 * Creates the topics that are missing, with their groups' dead-letter topics; returns the names of those created.
 * Existing topics are left as they are. Several callers at once do no harm.
 */
export async function ensureTopics(
  connection: KafkaConnection,
  topics: readonly TopicDefinition[],
): Promise<readonly string[]> {
  return withAdmin(connection, 'Cannot create topics', async (admin) => {
    const wanted = topics.flatMap((topic) => [topicConfig(topic), ...deadLetterTopicConfigs(topic)]);
    const existing = new Set(await admin.listTopics());
    const missing = wanted.filter(({ topic }) => !existing.has(topic));
    if (missing.length === 0) return [];
    // False means that another caller was faster with one of them, which is as good.
    await admin.createTopics({ topics: missing, waitForLeaders: false });
    const created = missing.map(({ topic }) => topic);
    await untilKnown(admin, created);
    return created;
  });
}

/**
 * Waits until the broker that is asked knows new topics and their leaders. kafkajs's own `waitForLeaders` gives up at the
 * first answer of a busy broker that has not heard of them yet.
 */
async function untilKnown(admin: Admin, topics: string[]): Promise<void> {
  const endsAt = performance.now() + KNOWN_WITHIN_MS;
  for (;;) {
    try {
      await admin.fetchTopicMetadata({ topics });
      return;
    } catch (error) {
      if (!isTransient(error) || performance.now() > endsAt) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Throws ConfigError with every topic that is missing or has fewer partitions than its definition. */
export async function checkTopics(
  connection: KafkaConnection,
  topics: readonly TopicDefinition[],
  alsoNeeded: readonly string[] = [],
): Promise<void> {
  await withAdmin(connection, 'Cannot check topics', async (admin) => {
    const existing = new Set(await admin.listTopics());
    const names = [...topics.map(({ name }) => name), ...alsoNeeded];
    const missing = names.filter((name) => !existing.has(name));
    const present = topics.filter(({ name }) => existing.has(name));
    const metadata = await admin.fetchTopicMetadata({ topics: present.map(({ name }) => name) });
    const short = present.flatMap(({ name, partitions }) => {
      const found = metadata.topics.find((topic) => topic.name === name)?.partitions.length ?? 0;
      return found < partitions ? [`topic ${name} has ${found} partitions, ${partitions} are needed`] : [];
    });
    const problems = [...missing.map((name) => `topic ${name} does not exist`), ...short];
    if (problems.length === 0) return;
    const where = `on Kafka at ${connection.brokers.join(', ')}; create-topics makes what is missing`;
    throw new ConfigError(problems.map((problem) => `${problem} ${where}`));
  });
}

/** Runs `work` with a connected admin client. What the brokers answer to the connect is explained. */
export async function withAdmin<T>(
  connection: KafkaConnection,
  what: string,
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const admin = connection.client.admin();
  try {
    await admin.connect();
  } catch (error) {
    await admin.disconnect();
    throw connectError(what, connection.brokers, error);
  }
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

function entriesOf(entries: Readonly<Record<string, string>>): { name: string; value: string }[] {
  return Object.entries(entries).map(([name, value]) => ({ name, value }));
}
