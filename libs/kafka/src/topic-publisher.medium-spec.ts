// real: [Kafka], double: []
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TopicDefinition, Topics } from '@watertight/contracts';
import { createLogger, RetryableError, systemClock } from '@watertight/service';
import { testStack } from '@watertight/testing';
import { Type } from 'typebox';
import { InvalidMessageError, outgoing } from './encode-message.ts';
import { connectKafka } from './kafka-connection.ts';
import { readTopic } from './manual/lane.fixture.ts';
import { TopicPublisher } from './topic-publisher.ts';
import { ensureTopics } from './topics-admin.ts';

const id = randomBytes(4).toString('hex');
const schema = Type.Object({
  orderKey: Type.String(),
  number: Type.Integer(),
  filler: Type.Optional(Type.String()),
});
const define = (name: string, partitions: number): TopicDefinition<typeof schema> => ({
  ...Topics.orders,
  name: `publisher.${name}-${id}.v1`,
  schema,
  partitions,
  groups: [],
});
const many = define('many', 3);
const single = define('single', 1);
const logger = createLogger('spec', 'silent');
const connection = connectKafka({ brokers: testStack().kafkaBrokers, clientId: 'publisher-spec', logger });
const publisher = new TopicPublisher({ connection, clock: systemClock });

const message = (topic: TopicDefinition<typeof schema>, number: number, filler = '') => {
  const key = `m:${number % 7}`;
  return outgoing(topic, { key, subject: key, value: { orderKey: key, number, filler } });
};
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);
const numberOf = (value: string | null): number => JSON.parse(value ?? '').number;

beforeAll(async () => {
  await ensureTopics(connection, [many, single]);
});
afterAll(() => publisher.close());

describe('TopicPublisher', () => {
  it('publishes to several topics in one call and says where each record lies', async () => {
    const messages = numbers(1, 30).map((number) => message(number % 3 === 0 ? single : many, number));
    const positions = await publisher.publish(messages);
    const stored = new Map<string, number>();
    for (const topic of [many, single]) {
      for (const { partition, offset, value } of await readTopic(connection, topic.name)) {
        stored.set(`${topic.name}/${partition}/${offset}`, numberOf(value));
      }
    }
    const found = positions.map(({ topic, partition, offset }) =>
      stored.get(`${topic}/${partition}/${offset}`),
    );
    expect(found).toEqual(numbers(1, 30));
  });

  it('takes more than a broker takes in one request', async () => {
    const topic = define('large', 1);
    await ensureTopics(connection, [topic]);
    await publisher.publish(numbers(1, 12).map((number) => message(topic, number, 'x'.repeat(400_000))));
    const records = await readTopic(connection, topic.name);
    expect(records.map(({ value }) => numberOf(value))).toEqual(numbers(1, 12));
  });

  it('keeps the order of each key over many callers at once, and stores each record once', async () => {
    const topic = define('callers', 3);
    await ensureTopics(connection, [topic]);
    await Promise.all(numbers(1, 500).map((number) => publisher.publish([message(topic, number)])));
    const records = await readTopic(connection, topic.name);
    expect(records).toHaveLength(500);
    for (const partition of [0, 1, 2]) {
      const mine = records.filter((record) => record.partition === partition);
      const byKey = Map.groupBy(mine, ({ key }) => key);
      for (const [, ofKey] of byKey) {
        const order = ofKey.map(({ value }) => numberOf(value));
        expect(order).toEqual([...order].sort((one, other) => one - other));
      }
    }
  });

  it('sends nothing of a list in which one message breaks its contract', async () => {
    const topic = define('invalid', 1);
    await ensureTopics(connection, [topic]);
    const broken = { ...message(topic, 2), value: { orderKey: 'm:2' } };
    await expect(publisher.publish([message(topic, 1), broken])).rejects.toBeInstanceOf(InvalidMessageError);
    expect(await readTopic(connection, topic.name)).toEqual([]);
  });

  it('compresses when asked to', async () => {
    const topic = define('gzip', 1);
    await ensureTopics(connection, [topic]);
    const zipping = new TopicPublisher({ connection, clock: systemClock, gzip: true });
    await zipping.publish(numbers(1, 20).map((number) => message(topic, number)));
    await zipping.close();
    const records = await readTopic(connection, topic.name);
    expect(records.map(({ value }) => numberOf(value))).toEqual(numbers(1, 20));
  });

  it('gives up on a topic that does not exist within seconds, as something that can be tried again', async () => {
    const since = performance.now();
    await expect(publisher.publish([message(define('missing', 1), 1)])).rejects.toBeInstanceOf(
      RetryableError,
    );
    expect(performance.now() - since).toBeLessThan(15_000);
    await publisher.publish([message(single, 31)]);
  }, 30_000);

  it('says which brokers do not answer, and what to check', async () => {
    const nowhere = connectKafka({ brokers: ['127.0.0.1:1'], clientId: 'publisher-spec', logger });
    const lonely = new TopicPublisher({ connection: nowhere, clock: systemClock });
    const since = performance.now();
    const failed = lonely.connect();
    await expect(failed).rejects.toBeInstanceOf(RetryableError);
    await expect(failed).rejects.toThrow(/Kafka at 127\.0\.0\.1:1 does not answer .*Check KAFKA_BROKERS/);
    expect(performance.now() - since).toBeLessThan(15_000);
    await lonely.close();
  }, 30_000);
});
