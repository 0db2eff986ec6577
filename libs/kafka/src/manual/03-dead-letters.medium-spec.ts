// real: [Kafka], double: []
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@watertight/testing';
import { DEFAULT_DEAD_LETTER_LIMIT } from '../dead-letter-limit.ts';
import { DONE, type MessageBatch, type MessageOutcome } from '../message-batch.ts';
import { laneFixture, type LaneFixture, type Thing } from './lane.fixture.ts';

// 3. What cannot succeed unchanged goes to the dead-letter topic with its original bytes, and the lane goes on. When
//    too much would go there, the lane pauses instead.

let lane: LaneFixture;
beforeEach(async () => {
  lane = await laneFixture();
});
afterEach(() => lane.close());

const deadWhere =
  (isDead: (number: number) => boolean) =>
  async (batch: MessageBatch<Thing>): Promise<MessageOutcome[]> =>
    batch.messages.map(({ value }) =>
      isDead(value.number) ? { kind: 'dead', reason: 'klaviyo.rejected', detail: 'refused' } : DONE,
    );

describe('a dead letter', () => {
  it('keeps key, bytes and headers, and says where it came from and why', async () => {
    await lane.serve(deadWhere((number) => number === 2));
    await lane.send(1, 3);
    await waitUntil('three commits', async () => (await lane.committed()) === 3);
    const [letter, ...others] = await lane.deadLetters();
    expect(others).toEqual([]);
    expect(letter).toMatchObject({
      key: 'm:1',
      value: JSON.stringify({ orderKey: 'm:1', number: 2 }),
      headers: {
        ce_subject: 'm:1',
        'content-type': 'application/json',
        dlq_topic: lane.topic.name,
        dlq_partition: '0',
        dlq_offset: '1',
        dlq_group: lane.groupId,
        dlq_stage: 'mapper',
        dlq_reason: 'klaviyo.rejected',
        dlq_detail: 'refused',
        dlq_attempts: '1',
      },
    });
    expect(Date.parse(letter?.headers['dlq_at'] ?? '')).not.toBeNaN();
  });

  it('of a handler needs no outcome from the strategy: the handler has said its own', async () => {
    await lane.serve(deadWhere(() => true));
    await lane.send(1, 1);
    await waitUntil('the commit', async () => (await lane.committed()) === 1);
    expect(await lane.publishedOutcomes()).toEqual([]);
  });
});

describe('a record that cannot be read', () => {
  it('never reaches the handler nor blocks the partition, and fails its order by name', async () => {
    const seen: number[] = [];
    await lane.serve(async (batch) => {
      seen.push(...batch.messages.map(({ value }) => value.number));
      return batch.messages.map(() => DONE);
    });
    await lane.send(1, 1);
    await lane.sendBytes('m:poison', '{"orderKey": "m:poison", "number": ', { ce_subject: 'm:A-1' });
    await lane.sendBytes('m:wrong', '{"orderKey":"m:wrong","number":-1,"revision":7}');
    await lane.send(2, 2);
    await waitUntil('four commits', async () => (await lane.committed()) === 4);
    expect(seen).toEqual([1, 2]);
    const letters = await lane.deadLetters();
    expect(letters.map(({ key, value, headers }) => [key, value, headers['dlq_reason']])).toEqual([
      ['m:poison', '{"orderKey": "m:poison", "number": ', 'contract.invalid_message'],
      ['m:wrong', '{"orderKey":"m:wrong","number":-1,"revision":7}', 'contract.invalid_message'],
    ]);
    const outcomes = await lane.publishedOutcomes();
    expect(outcomes).toMatchObject([
      { kind: 'fact', orderKey: 'm:A-1', outcome: 'failed', reason: 'contract.invalid_message', revision: 0 },
      { kind: 'fact', orderKey: 'm:wrong', outcome: 'failed', stage: 'mapper', revision: 7 },
    ]);
    expect(outcomes[1]).toMatchObject({
      detail: `${lane.topic.name}/0/2: /number does not satisfy "minimum"`,
    });
  });

  it('is kept with what it has when it has no key and no value', async () => {
    await lane.serve(deadWhere(() => false));
    await lane.sendBytes(null, null, { 'x-from': 'somewhere' });
    await waitUntil('the commit', async () => (await lane.committed()) === 1);
    expect(await lane.deadLetters()).toMatchObject([
      { key: null, value: null, headers: { 'x-from': 'somewhere', dlq_detail: 'the record has no key' } },
    ]);
    expect(await lane.publishedOutcomes()).toMatchObject([
      { orderKey: null, factId: `${lane.topic.name}/0/0` },
    ]);
  });
});

describe('a storm of dead letters', () => {
  const limit = { ...DEFAULT_DEAD_LETTER_LIMIT, maxRun: 5 };

  it('pauses the lane with an error line, diverting and committing nothing of it', async () => {
    const service = await lane.serve(
      deadWhere((number) => number > 3),
      { deadLetterLimit: limit },
    );
    await lane.send(1, 3);
    await waitUntil('three commits', async () => (await lane.committed()) === 3);
    await lane.send(4, 30);
    const line = await waitUntil('the line', () =>
      service.log.find(({ event }) => event === 'dead_letter_limit'),
    );
    expect(line).toMatchObject({ level: 'error', topic: lane.topic.name, offset: '3' });
    expect(await lane.committed()).toBe(3);
    expect(await lane.deadLetters()).toEqual([]);
    await expect(service.strategy.check()).rejects.toThrow(/paused by the dead-letter limit/);
    expect(service.fatal).toEqual([]);
  });

  it('tries one message after the pause, and flows again when it succeeds', async () => {
    let isBroken = true;
    const sizes: number[] = [];
    const service = await lane.serve(
      async (batch) => {
        sizes.push(batch.messages.length);
        return deadWhere(() => isBroken)(batch);
      },
      { deadLetterLimit: { ...limit, trialAfterMs: 200 } },
    );
    await lane.send(1, 30);
    const stormy = () => service.log.filter(({ event }) => event === 'dead_letter_limit').length;
    await waitUntil('a pause and a failed trial', () => stormy() >= 2);
    expect(sizes.slice(1).every((size) => size === 1)).toBe(true);
    isBroken = false;
    await waitUntil('everything to be committed', async () => (await lane.committed()) === 30);
    expect(await lane.deadLetters()).toEqual([]);
    await service.strategy.check();
  });
});
