// real: [Kafka, node process], double: []
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ALL_TOPICS, type TopicDefinition, Topics } from '@watertight/contracts';
import { ConfigError, createLogger, RetryableError } from '@watertight/service';
import { type ServiceProcess, startProcess, testStack, waitUntil } from '@watertight/testing';
import kafkajs from 'kafkajs';
import { connectKafka } from './kafka-connection.ts';
import { checkTopics, ensureTopics, withAdmin } from './topics-admin.ts';

const logger = createLogger('spec', 'silent');
const connection = connectKafka({ brokers: testStack().kafkaBrokers, clientId: 'admin-spec', logger });
const unique = () => randomBytes(4).toString('hex');

const orders = (): TopicDefinition => ({
  ...Topics.orders,
  name: `admin.orders-${unique()}.v1`,
  partitions: 2,
  groups: ['profile-mapper', 'leakage-monitor'],
});

async function configOf(topic: string, names: string[]): Promise<Record<string, string>> {
  return withAdmin(connection, 'Cannot describe', async (admin) => {
    const type = kafkajs.ConfigResourceTypes.TOPIC;
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type, name: topic, configNames: names }],
    });
    const entries = resources.flatMap(({ configEntries }) => configEntries);
    return Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue]));
  });
}

describe('ensureTopics', () => {
  it('creates a topic and a dead-letter topic for each of its groups, once', async () => {
    const topic = orders();
    const names = [topic.name, `${topic.name}.profile-mapper.dlq`, `${topic.name}.leakage-monitor.dlq`];
    expect(await ensureTopics(connection, [topic])).toEqual(names);
    expect(await ensureTopics(connection, [topic])).toEqual([]);
    await checkTopics(connection, [topic], names);
    expect(await configOf(topic.name, ['cleanup.policy', 'retention.ms'])).toEqual({
      'cleanup.policy': 'delete',
      'retention.ms': String(14 * 86_400_000),
    });
    expect(await configOf(names[1] ?? '', ['retention.ms', 'max.message.bytes'])).toEqual({
      'retention.ms': String(30 * 86_400_000),
      'max.message.bytes': '2097152',
    });
  });

  it('makes a compacted topic forget within a day', async () => {
    const topic: TopicDefinition = { ...orders(), cleanup: 'compact', retentionMs: null, groups: [] };
    await ensureTopics(connection, [topic]);
    const names = ['cleanup.policy', 'max.compaction.lag.ms', 'min.cleanable.dirty.ratio'];
    expect(await configOf(topic.name, names)).toEqual({
      'cleanup.policy': 'compact',
      'max.compaction.lag.ms': '86400000',
      'min.cleanable.dirty.ratio': '0.1',
    });
  });

  it('does no harm when several services do it at once', async () => {
    const topics = [orders(), orders()];
    await Promise.all([1, 2, 3].map(() => ensureTopics(connection, topics)));
    await checkTopics(connection, topics);
  });

  it('says which brokers do not answer', async () => {
    const nowhere = connectKafka({ brokers: ['127.0.0.1:1'], clientId: 'admin-spec', logger });
    const failed = ensureTopics(nowhere, [orders()]);
    await expect(failed).rejects.toBeInstanceOf(RetryableError);
    await expect(failed).rejects.toThrow(/Kafka at 127\.0\.0\.1:1 does not answer/);
  }, 30_000);
});

describe('checkTopics', () => {
  it('names everything that is missing or too small at once', async () => {
    const present = orders();
    const absent = orders();
    await ensureTopics(connection, [present]);
    const failed = checkTopics(connection, [{ ...present, partitions: 5 }, absent], ['admin.also.dlq']);
    await expect(failed).rejects.toBeInstanceOf(ConfigError);
    const error: unknown = await failed.catch((thrown: unknown) => thrown);
    const where = `on Kafka at ${testStack().kafkaBrokers.join(', ')}; create-topics makes what is missing`;
    expect(error).toMatchObject({
      problems: [
        `topic ${absent.name} does not exist ${where}`,
        `topic admin.also.dlq does not exist ${where}`,
        `topic ${present.name} has 2 partitions, 5 are needed ${where}`,
      ],
    });
  });
});

describe('create-topics', () => {
  const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
  const started: ServiceProcess[] = [];
  const run = (env: Record<string, string>) => {
    const child = startProcess([path('../dist/create-topics.js')], env);
    started.push(child);
    return child;
  };

  beforeAll(() => {
    execFileSync(process.execPath, [path('../../../node_modules/typescript/bin/tsc'), '-b', path('..')]);
  }, 120_000);
  afterEach(async () => {
    await Promise.all(started.splice(0).map((child) => child.stop()));
  });

  it('creates all our topics and says so; the second time there is nothing to do', async () => {
    const env = { KAFKA_BROKERS: testStack().kafkaBrokers.join(',') };
    expect(await run(env).exited).toEqual({ code: 0, signal: null });
    await checkTopics(connection, ALL_TOPICS);
    const second = run(env);
    expect(await second.exited).toEqual({ code: 0, signal: null });
    expect(second.stdout).toEqual(['all topics exist']);
  });

  it('says what is missing of its settings and ends with 78', async () => {
    const child = run({});
    expect(await child.exited).toMatchObject({ code: 78 });
    expect(child.stderr.join('\n')).toMatch(/Topics were not created:\n {2}- KAFKA_BROKERS is missing/);
  });

  it('shows that it waits for a broker that does not answer yet', async () => {
    const child = run({ KAFKA_BROKERS: '127.0.0.1:1' });
    const line = await waitUntil('progress', () => child.stdout[0], { deadlineMs: 20_000 });
    expect(line).toMatch(/^waiting for Kafka at 127\.0\.0\.1:1 \(\d+ s left\)$/);
  });
});
