// real: [Kafka], double: []
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RetryableError } from '@watertight/service';
import { waitUntil } from '@watertight/testing';
import { DONE, type MessageBatch, type MessageOutcome } from '../message-batch.ts';
import { withAdmin } from '../topics-admin.ts';
import { laneFixture, type LaneFixture, type Thing } from './lane.fixture.ts';

// 2. Messages of one key are handled in the order in which they were published, whatever happens in between: retries,
//    a second replica, partitions worked on side by side.

const PARTITIONS = 4;
const KEYS = ['m:1', 'm:2', 'm:3', 'm:4', 'm:5', 'm:6', 'm:7', 'm:8'];
const keyOf = (number: number) => KEYS[number % KEYS.length] ?? '';

let lane: LaneFixture;
beforeEach(async () => {
  lane = await laneFixture(PARTITIONS);
});
afterEach(() => lane.close());

const allDone = (batch: MessageBatch<Thing>): MessageOutcome[] => batch.messages.map(() => DONE);

/** Numbers by key as they were handled; a redelivered message counts where it came first. */
class Seen {
  readonly byKey = new Map<string, number[]>();

  note({ messages }: MessageBatch<Thing>): void {
    for (const { key, value } of messages) {
      const numbers = this.byKey.get(key) ?? [];
      if (!numbers.includes(value.number)) numbers.push(value.number);
      this.byKey.set(key, numbers);
    }
  }

  expectOrdered(): void {
    for (const numbers of this.byKey.values()) {
      expect(numbers).toEqual([...numbers].sort((one, other) => one - other));
    }
  }
}

describe('ordering', () => {
  it('keeps the order of each key over partitions that are worked on side by side', async () => {
    await lane.send(1, 800, keyOf);
    const seen = new Seen();
    let atOnce = 0;
    let mostAtOnce = 0;
    await lane.serve(
      async (batch) => {
        atOnce += 1;
        mostAtOnce = Math.max(mostAtOnce, atOnce);
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
        seen.note(batch);
        atOnce -= 1;
        return allDone(batch);
      },
      { maxBatchMessages: 20, partitionsConsumedConcurrently: PARTITIONS },
    );
    await waitUntil('everything', async () => (await lane.committed()) === 800);
    expect([...seen.byKey.values()].flat()).toHaveLength(800);
    seen.expectOrdered();
    expect(mostAtOnce).toBeGreaterThan(1);
  });

  it('works on one partition at a time unless told otherwise', async () => {
    await lane.send(1, 200, keyOf);
    let atOnce = 0;
    let mostAtOnce = 0;
    await lane.serve(async (batch) => {
      atOnce += 1;
      mostAtOnce = Math.max(mostAtOnce, atOnce);
      await new Promise((resolve) => setImmediate(resolve));
      atOnce -= 1;
      return allDone(batch);
    });
    await waitUntil('everything', async () => (await lane.committed()) === 200);
    expect(mostAtOnce).toBe(1);
  });

  it('keeps the order of each key over retries', async () => {
    await lane.send(1, 400, keyOf);
    const seen = new Seen();
    let calls = 0;
    await lane.serve(
      async (batch) => {
        calls += 1;
        if (calls % 3 === 0) throw new RetryableError('not now');
        seen.note(batch);
        return allDone(batch);
      },
      { maxBatchMessages: 25, backoff: { baseMs: 10, maxMs: 20 } },
    );
    await waitUntil('everything', async () => (await lane.committed()) === 400, { deadlineMs: 30_000 });
    expect([...seen.byKey.values()].flat()).toHaveLength(400);
    seen.expectOrdered();
  });

  it('keeps the order of each key, and loses nothing, when a second replica joins and the first one leaves', async () => {
    const seen = new Seen();
    const handler = async (batch: MessageBatch<Thing>) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      seen.note(batch);
      return allDone(batch);
    };
    await lane.send(1, 1_000, keyOf);
    const first = await lane.serve(handler, { maxBatchMessages: 10 });
    await waitUntil('the first replica to have begun', async () => (await lane.committed()) > 50);
    await lane.serve(handler, { maxBatchMessages: 10 });
    await first.stop();
    await lane.send(1_001, 1_200, keyOf);
    await waitUntil('everything', async () => (await lane.committed()) === 1_200, { deadlineMs: 30_000 });
    expect([...seen.byKey.values()].flat()).toHaveLength(1_200);
    seen.expectOrdered();
  });

  it('lets a member finish and commit the slice in hand before the partitions are shared out anew', async () => {
    await lane.send(1, 60, keyOf);
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const handled: number[] = [];
    const handler = async (batch: MessageBatch<Thing>) => {
      await released;
      handled.push(...batch.messages.map(({ value }) => value.number));
      return allDone(batch);
    };
    await lane.serve(handler, { maxBatchMessages: 10 });
    const second = lane.serve(handler, { maxBatchMessages: 10 });
    await waitUntil(
      'the group to be shared out anew',
      async () => (await groupState()) === 'PreparingRebalance',
    );
    const since = performance.now();
    // Longer than a heartbeat takes to tell the first member.
    await waitUntil('the first member to know', () => performance.now() - since > 2_500);
    release();
    await second;
    await waitUntil('everything', async () => (await lane.committed()) === 60);
    expect(handled).toHaveLength(60);
  });
});

function groupState(): Promise<string | undefined> {
  return withAdmin(lane.connection, 'Cannot describe', async (admin) => {
    const { groups } = await admin.describeGroups([lane.groupId]);
    return groups[0]?.state;
  });
}
