// real: [Kafka], double: []
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigError } from '@watertight/service';
import { waitUntil } from '@watertight/testing';
import { DONE, type MessageBatch, type MessageOutcome } from '../message-batch.ts';
import { laneFixture, type LaneFixture, type Thing } from './lane.fixture.ts';

// 1. A handler takes a batch of parsed messages and returns one outcome for each. The offset is committed when, and
//    only when, the whole slice has been dealt with.

let lane: LaneFixture;
beforeEach(async () => {
  lane = await laneFixture();
});
afterEach(() => lane.close());

const allDone = (batch: MessageBatch<Thing>): MessageOutcome[] => batch.messages.map(() => DONE);

describe('outcomes', () => {
  it('gives the handler parsed messages with position, key, time and headers', async () => {
    const batches: MessageBatch<Thing>[] = [];
    await lane.serve(async (batch) => {
      batches.push(batch);
      return allDone(batch);
    });
    await lane.send(1, 1);
    const [batch] = await waitUntil('the batch', () => batches.length > 0 && batches);
    expect(batch).toMatchObject({ topic: lane.topic.name, partition: 0 });
    expect(batch?.messages[0]).toMatchObject({
      value: { orderKey: 'm:1', number: 1 },
      key: 'm:1',
      offset: '0',
      headers: {
        ce_specversion: '1.0',
        ce_type: lane.topic.name,
        ce_subject: 'm:1',
        ce_source: `/watertight/${lane.groupId}`,
        'content-type': 'application/json',
      },
    });
    expect(Math.abs(Date.now() - (batch?.messages[0]?.timestampMs ?? 0))).toBeLessThan(60_000);
  });

  it('hands out slices of at most the given size and commits after each', async () => {
    await lane.send(1, 25);
    const committedBefore: number[] = [];
    const sizes: number[] = [];
    await lane.serve(
      async (batch) => {
        committedBefore.push(await lane.committed());
        sizes.push(batch.messages.length);
        return allDone(batch);
      },
      { maxBatchMessages: 10 },
    );
    await waitUntil('everything to be committed', async () => (await lane.committed()) === 25);
    expect(sizes).toEqual([10, 10, 5]);
    expect(committedBefore).toEqual([0, 10, 20]);
  });

  it('commits nothing while the handler works', async () => {
    await lane.send(1, 3);
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    let working = false;
    await lane.serve(async (batch) => {
      working = true;
      await released;
      return allDone(batch);
    });
    await waitUntil('the handler to work', () => working);
    expect(await lane.committed()).toBe(0);
    release();
    await waitUntil('the commit', async () => (await lane.committed()) === 3);
  });

  it('begins with the oldest message there is, and later where its group left off', async () => {
    await lane.send(1, 5);
    const seen: number[] = [];
    const handler = async (batch: MessageBatch<Thing>) => {
      seen.push(...batch.messages.map(({ value }) => value.number));
      return allDone(batch);
    };
    const first = await lane.serve(handler);
    await waitUntil('five to be committed', async () => (await lane.committed()) === 5);
    await first.stop();
    await lane.send(6, 8);
    await lane.serve(handler);
    await waitUntil('eight to be committed', async () => (await lane.committed()) === 8);
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('does not let a live message wait for others', async () => {
    const delaysMs: number[] = [];
    await lane.serve(async (batch) => {
      for (const { timestampMs } of batch.messages) delaysMs.push(Date.now() - timestampMs);
      return allDone(batch);
    });
    for (let number = 1; number <= 40; number += 1) {
      await lane.send(number, number);
      await waitUntil('the message', () => delaysMs.length === number);
    }
    // Had it to wait for a batch to fill, none would be quick.
    expect(Math.min(...delaysMs)).toBeLessThan(250);
  });
});

describe('start', () => {
  it('fails when a subscribed topic has no handler and a handler no subscription, naming both', async () => {
    const other = { ...lane.topic, name: 'manual.other.v1' };
    const failed = lane.serve(async (batch) => allDone(batch), { topics: [other] });
    await expect(failed).rejects.toBeInstanceOf(ConfigError);
    await expect(failed).rejects.toThrow(/subscribes to manual\.other\.v1 but has no @BatchHandler/);
    await expect(failed).rejects.toThrow(`a handler for ${lane.topic.name} but does not subscribe`);
  });

  it('fails when the cluster lacks a topic, naming it', async () => {
    const outcomesTopic = { ...lane.outcomes, name: 'manual.missing.v1' };
    const failed = lane.serve(async (batch) => allDone(batch), { outcomesTopic });
    await expect(failed).rejects.toThrow(/topic manual\.missing\.v1 does not exist/);
  });
});
