// real: [Kafka], double: []
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@watertight/testing';
import { DONE } from '../message-batch.ts';
import { laneFixture, type LaneFixture } from './lane.fixture.ts';

// 8. A replica may be several members of its group: while one still works on what it fetched, the other one fetches.

const PARTITIONS = 4;

let lane: LaneFixture;
beforeEach(async () => {
  lane = await laneFixture(PARTITIONS);
});
afterEach(() => lane.close());

const keyOf = (number: number) => `m:${number % 40}`;

describe('a replica of two members', () => {
  it('handles every message once, and is ready when both have joined', async () => {
    await lane.send(1, 400, keyOf);
    const numbers: number[] = [];
    const service = await lane.serve(
      (batch) => {
        numbers.push(...batch.messages.map(({ value }) => value.number));
        return Promise.resolve(batch.messages.map(() => DONE));
      },
      { members: 2, partitionsConsumedConcurrently: PARTITIONS },
    );
    await waitUntil('everything', async () => (await lane.committed()) === 400);
    await waitUntil('both members to be in the group', () =>
      service.strategy.check().then(
        () => true,
        () => false,
      ),
    );
    expect(new Set(numbers).size).toBe(400);
  });

  it('goes on with the partitions of one member while a slice of the other is stuck', async () => {
    const stuck = Promise.withResolvers<void>();
    const handled: number[] = [];
    let waiting: number | undefined;
    await lane.serve(
      async (batch) => {
        waiting ??= batch.partition;
        if (waiting === batch.partition) await stuck.promise;
        handled.push(...batch.messages.map(({ value }) => value.number));
        return batch.messages.map(() => DONE);
      },
      { members: 2, partitionsConsumedConcurrently: PARTITIONS, drainDeadlineMs: 100 },
    );
    await lane.send(1, 100, keyOf);
    await waitUntil('a slice to be stuck', () => waiting !== undefined);
    // What comes now is fetched by the member that has nothing stuck.
    await lane.send(101, 500, keyOf);
    await waitUntil('some of what came later to be handled', () => handled.some((number) => number > 100));
    stuck.resolve();
    await waitUntil('everything', async () => (await lane.committed()) === 500);
    expect(new Set(handled).size).toBe(500);
  });
});
