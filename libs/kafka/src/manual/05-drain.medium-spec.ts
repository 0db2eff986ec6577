// real: [Kafka], double: []
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RetryableError } from '@watertight/service';
import { waitUntil } from '@watertight/testing';
import { DONE, type MessageBatch, type MessageOutcome } from '../message-batch.ts';
import { withAdmin } from '../topics-admin.ts';
import { laneFixture, type LaneFixture, type Thing } from './lane.fixture.ts';

// 5. A service that is asked to stop finishes the slice in hand, commits it, takes no other, and leaves the group, so
//    that its partitions are free at once.

let lane: LaneFixture;
beforeEach(async () => {
  lane = await laneFixture();
});
afterEach(() => lane.close());

const allDone = (batch: MessageBatch<Thing>): MessageOutcome[] => batch.messages.map(() => DONE);

function members(): Promise<number> {
  return withAdmin(lane.connection, 'Cannot describe', async (admin) => {
    const { groups } = await admin.describeGroups([lane.groupId]);
    return groups.flatMap((group) => group.members).length;
  });
}

describe('draining', () => {
  it('finishes and commits the slice in hand, takes no other, and leaves the group', async () => {
    await lane.send(1, 30);
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    let calls = 0;
    const service = await lane.serve(
      async (batch) => {
        calls += 1;
        await released;
        return allDone(batch);
      },
      { maxBatchMessages: 10 },
    );
    await waitUntil('the handler', () => calls === 1);
    const stopped = service.stop();
    release();
    await stopped;
    expect(calls).toBe(1);
    expect(await lane.committed()).toBe(10);
    expect(await members()).toBe(0);
  });

  it('is quick when nothing is in hand', async () => {
    const service = await lane.serve(async (batch) => allDone(batch));
    const since = performance.now();
    await service.stop();
    expect(performance.now() - since).toBeLessThan(1_500);
    expect(await members()).toBe(0);
  });

  it('is quick while a lane is paused for long', async () => {
    await lane.send(1, 1);
    let failures = 0;
    const service = await lane.serve(async () => {
      failures += 1;
      throw new RetryableError('an outage', { retryAfterMs: 300_000 });
    });
    await waitUntil('the pause', () => failures === 1);
    const since = performance.now();
    await service.stop();
    expect(performance.now() - since).toBeLessThan(1_500);
    expect(await lane.committed()).toBe(0);
  });

  it('aborts a handler at the deadline and commits nothing of it', async () => {
    await lane.send(1, 1);
    let working = false;
    let aborted = false;
    const service = await lane.serve(
      (batch) =>
        new Promise((_, reject) => {
          working = true;
          batch.signal.addEventListener('abort', () => {
            aborted = true;
            reject(new Error('aborted'));
          });
        }),
      { drainDeadlineMs: 300 },
    );
    await waitUntil('the handler', () => working);
    await service.stop();
    expect(aborted).toBe(true);
    expect(await lane.committed()).toBe(0);
    expect(service.fatal).toEqual([]);
    expect(service.log).toMatchObject([{ event: 'drain_overdue', level: 'warn' }]);
  });

  it('lets the next replica begin at once with what was not taken', async () => {
    await lane.send(1, 20);
    const seen: number[] = [];
    const handler = async (batch: MessageBatch<Thing>) => {
      seen.push(...batch.messages.map(({ value }) => value.number));
      return allDone(batch);
    };
    const first = await lane.serve(handler, { maxBatchMessages: 5 });
    await waitUntil('a beginning', () => seen.length > 0);
    await first.stop();
    const since = performance.now();
    await lane.serve(handler);
    await waitUntil('everything', async () => (await lane.committed()) === 20);
    expect(performance.now() - since).toBeLessThan(5_000);
    expect(seen).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });
});
