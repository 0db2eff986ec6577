// real: [Kafka], double: []
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RetryableError } from '@watertight/service';
import { waitUntil } from '@watertight/testing';
import { DONE, type MessageBatch, type MessageOutcome } from '../message-batch.ts';
import { withAdmin } from '../topics-admin.ts';
import { laneFixture, type LaneFixture, type Thing } from './lane.fixture.ts';

// 4. A handler that throws RetryableError gets the same messages again, later and later, for as long as it takes. The
//    member stays in its group meanwhile, other partitions go on, and nothing becomes a dead letter.

let lane: LaneFixture;
beforeEach(async () => {
  lane = await laneFixture(2);
});
afterEach(() => lane.close());

const allDone = (batch: MessageBatch<Thing>): MessageOutcome[] => batch.messages.map(() => DONE);

describe('a retryable error', () => {
  it('brings the same messages again until they succeed, and no dead letter', async () => {
    await lane.send(1, 5);
    const attempts: number[][] = [];
    const service = await lane.serve(
      async (batch) => {
        attempts.push(batch.messages.map(({ value }) => value.number));
        if (attempts.length < 4) throw new RetryableError('the database does not answer');
        return allDone(batch);
      },
      { backoff: { baseMs: 10, maxMs: 40 } },
    );
    await waitUntil('the commit', async () => (await lane.committed()) === 5);
    expect(attempts).toEqual(Array.from({ length: 4 }, () => [1, 2, 3, 4, 5]));
    expect(await lane.deadLetters()).toEqual([]);
    expect(service.fatal).toEqual([]);
  });

  it('is waited for as long as the other side asked', async () => {
    await lane.send(1, 1);
    const timesMs: number[] = [];
    await lane.serve(async (batch) => {
      timesMs.push(performance.now());
      if (timesMs.length === 1) throw new RetryableError('too many requests', { retryAfterMs: 1_500 });
      return allDone(batch);
    });
    await waitUntil('the commit', async () => (await lane.committed()) === 1);
    const [first = 0, second = 0] = timesMs;
    expect(second - first).toBeGreaterThanOrEqual(1_490);
    // The pause ends with the next look for paused partitions, a quarter of a second at most.
    expect(second - first).toBeLessThan(2_500);
  });

  it('holds up its own partition only', async () => {
    // With the default partitioner these two keys lie on different partitions of two.
    const keys = await keysOnBothPartitions();
    const handled: string[] = [];
    await lane.serve(async (batch) => {
      if (batch.partition === 0) throw new RetryableError('not this one');
      handled.push(...batch.messages.map(({ key }) => key));
      return allDone(batch);
    });
    await lane.send(1, 1, () => keys[0]);
    await lane.send(2, 6, () => keys[1]);
    await waitUntil('the other partition', () => handled.length === 5);
    await lane.send(7, 7, () => keys[1]);
    await waitUntil('its next message', () => handled.length === 6);
    expect(await lane.committed()).toBe(6);
  });

  it('is logged once for the first failure, not once per attempt, and once when it works again', async () => {
    await lane.send(1, 1);
    let attempts = 0;
    const service = await lane.serve(
      async (batch) => {
        attempts += 1;
        if (attempts < 8) throw new RetryableError('an outage');
        return allDone(batch);
      },
      { backoff: { baseMs: 5, maxMs: 5 } },
    );
    const works = () => service.log.filter(({ event }) => event === 'lane_flows');
    await waitUntil('the end of the outage', () => works().length > 0);
    const pauses = service.log.filter(({ event }) => event === 'lane_paused').map(({ attempt }) => attempt);
    expect(pauses).toEqual([1, 2, 4]);
    expect(works()).toMatchObject([{ failures: 7 }]);
  });

  it('lasting longer than the session does not cost the membership', async () => {
    let joins = 0;
    await lane.send(1, 1);
    const service = await lane.serve(
      async () => {
        joins = 1;
        throw new RetryableError('a long outage');
      },
      { sessionTimeoutMs: 6_000, backoff: { baseMs: 60_000, maxMs: 60_000 } },
    );
    await waitUntil('the pause', () => joins === 1);
    const memberBefore = await memberIds();
    const since = performance.now();
    await waitUntil('longer than the session', () => performance.now() - since > 8_000, {
      deadlineMs: 20_000,
    });
    expect(memberBefore).toHaveLength(1);
    expect(await memberIds()).toEqual(memberBefore);
    await service.strategy.check();
  }, 40_000);
});

describe('a handler that takes longer than the session', () => {
  it('keeps its membership, because the strategy beats for it', async () => {
    await lane.send(1, 1);
    let calls = 0;
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    await lane.serve(
      async (batch) => {
        calls += 1;
        await released;
        return allDone(batch);
      },
      { sessionTimeoutMs: 6_000 },
    );
    await waitUntil('the handler', () => calls === 1);
    const memberBefore = await memberIds();
    const since = performance.now();
    await waitUntil('longer than the session', () => performance.now() - since > 8_000, {
      deadlineMs: 20_000,
    });
    expect(await memberIds()).toEqual(memberBefore);
    release();
    await waitUntil('the commit', async () => (await lane.committed()) === 1);
    expect(calls).toBe(1);
  }, 40_000);
});

async function memberIds(): Promise<string[]> {
  return withAdmin(lane.connection, 'Cannot describe', async (admin) => {
    const { groups } = await admin.describeGroups([lane.groupId]);
    return groups.flatMap(({ members }) => members.map(({ memberId }) => memberId));
  });
}

/** A key for partition 0 and one for partition 1, found on a topic of their own. */
async function keysOnBothPartitions(): Promise<[string, string]> {
  const probe = await laneFixture(2);
  const found = new Map<number, string>();
  await probe.serve(async (batch) => {
    for (const { key, partition } of batch.messages) found.set(partition, key);
    return allDone(batch);
  });
  await probe.send(1, 20, (number) => `m:${number}`);
  await waitUntil('a key on each partition', () => found.size === 2);
  await probe.close();
  return [found.get(0) ?? '', found.get(1) ?? ''];
}
