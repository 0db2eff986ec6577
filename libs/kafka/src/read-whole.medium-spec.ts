// real: [Kafka], double: []
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TopicDefinition, Topics } from '@watertight/contracts';
import { createLogger, systemClock } from '@watertight/service';
import { testStack } from '@watertight/testing';
import { Type } from 'typebox';
import { outgoing } from './encode-message.ts';
import { connectKafka } from './kafka-connection.ts';
import { groupMembers, heldStretches, readWhole, type WholeBatch } from './read-whole.ts';
import { TopicPublisher } from './topic-publisher.ts';
import { ensureTopics } from './topics-admin.ts';

const id = randomBytes(4).toString('hex');
const schema = Type.Object({ number: Type.Integer() });
const define = (name: string): TopicDefinition<typeof schema> => ({
  ...Topics.orders,
  name: `whole.${name}-${id}.v1`,
  schema,
  partitions: 2,
  groups: [],
});
const [one, other, empty] = [define('one'), define('other'), define('empty')];
const logger = createLogger('spec', 'silent');
const connection = connectKafka({ brokers: testStack().kafkaBrokers, clientId: 'whole-spec', logger });
const publisher = new TopicPublisher({ connection, clock: systemClock });

async function publish(topic: typeof one, count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    const key = `m:${number % 8}`;
    await publisher.publish([outgoing(topic, { key, subject: key, value: { number } })]);
  }
}

beforeAll(async () => {
  await ensureTopics(connection, [one, other, empty]);
  await publish(one, 40);
  await publish(other, 7);
});
afterAll(() => publisher.close());

describe('readWhole', () => {
  it('gives everything that the topics held, each partition in its order and once', async () => {
    const topics = [one, other, empty];
    const stretches = await heldStretches(connection, topics);
    // What comes after the look is not part of it.
    await publish(other, 3);
    const taken: WholeBatch[] = [];
    await readWhole(connection, topics, stretches, async (batch) => {
      taken.push(batch);
    });
    const messages = taken.flatMap((batch) => batch.messages);
    const countOf = (topic: string) => messages.filter((message) => message.topic === topic).length;
    expect([countOf(one.name), countOf(other.name), countOf(empty.name)]).toEqual([40, 7, 0]);
    for (const [, own] of Map.groupBy(messages, ({ topic, partition }) => `${topic}/${partition}`)) {
      const offsets = own.map(({ offset }) => Number(offset));
      expect(offsets).toEqual([...offsets.keys()]);
    }
    const ends = new Map(taken.map((batch) => [`${batch.topic}/${batch.partition}`, batch.nextOffset]));
    for (const { topic, partition, to } of stretches.filter(({ from, to: end }) => end > from))
      expect(ends.get(`${topic}/${partition}`)).toBe(String(to));
  }, 60_000);

  it('throws what the taker throws, and gives it nothing more', async () => {
    const stretches = await heldStretches(connection, [one]);
    let taken = 0;
    const broken = readWhole(connection, [one], stretches, () => {
      taken += 1;
      return Promise.reject(new TypeError('a bug'));
    });
    await expect(broken).rejects.toThrow('a bug');
    expect(taken).toBeLessThanOrEqual(2);
  }, 60_000);

  it('is over at once when nothing is held', async () => {
    await readWhole(connection, [empty], await heldStretches(connection, [empty]), () =>
      Promise.reject(new TypeError('nothing is there to take')),
    );
  });

  it('counts nobody in a group that never was', async () => {
    expect(await groupMembers(connection, `nobody-${id}`)).toBe(0);
  });
});
