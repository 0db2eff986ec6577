// real: [Kafka], double: []
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TopicDefinition, Topics } from '@watertight/contracts';
import { createLogger, systemClock } from '@watertight/service';
import { testStack } from '@watertight/testing';
import { Type } from 'typebox';
import { outgoing } from './encode-message.ts';
import { connectKafka } from './kafka-connection.ts';
import { readNewest } from './read-newest.ts';
import { TopicPublisher } from './topic-publisher.ts';
import { ensureTopics } from './topics-admin.ts';

const id = randomBytes(4).toString('hex');
const schema = Type.Object({ orderKey: Type.String(), number: Type.Integer() });
const define = (name: string): TopicDefinition<typeof schema> => ({
  ...Topics.orders,
  name: `newest.${name}-${id}.v1`,
  schema,
  partitions: 2,
  groups: [],
});
const [filled, empty] = [define('filled'), define('empty')];
const logger = createLogger('spec', 'silent');
const connection = connectKafka({ brokers: testStack().kafkaBrokers, clientId: 'newest-spec', logger });
const publisher = new TopicPublisher({ connection, clock: systemClock });

beforeAll(async () => {
  await ensureTopics(connection, [filled, empty]);
  for (let number = 0; number < 40; number += 1) {
    const key = `m:${number % 8}`;
    await publisher.publish([outgoing(filled, { key, subject: key, value: { orderKey: key, number } })]);
  }
});
afterAll(() => publisher.close());

const numbersOf = async (perPartition: number) => {
  const messages = await readNewest(connection, filled, perPartition);
  const byPartition = new Map<number, number[]>();
  for (const { partition, value } of messages) {
    byPartition.set(partition, [...(byPartition.get(partition) ?? []), (value as { number: number }).number]);
  }
  return byPartition;
};

describe('readNewest', () => {
  it('reads all of a topic, each partition in its order', async () => {
    const all = await numbersOf(1_000);
    expect([...all.values()].flat().sort((one, other) => one - other)).toEqual(
      Array.from({ length: 40 }, (_, number) => number),
    );
    for (const numbers of all.values())
      expect(numbers).toEqual([...numbers].sort((one, other) => one - other));
  });

  it('reads no more than the newest of each partition', async () => {
    const all = await numbersOf(1_000);
    const newest = await numbersOf(3);
    for (const [partition, numbers] of newest) expect(numbers).toEqual(all.get(partition)?.slice(-3));
  });

  it('reads nothing from an empty topic', async () => {
    expect(await readNewest(connection, empty, 10)).toEqual([]);
  });
});
