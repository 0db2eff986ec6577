// real: [Kafka], double: []
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger, RetryableError, systemClock } from '@watertight/service';
import { waitUntil } from '@watertight/testing';
import { GroupLag } from './group-lag.ts';
import { connectKafka } from './kafka-connection.ts';
import { laneFixture, type LaneFixture } from './manual/lane.fixture.ts';
import { DONE } from './message-batch.ts';

let lane: LaneFixture;
let lag: GroupLag;
beforeEach(async () => {
  lane = await laneFixture(3);
  lag = new GroupLag(lane.connection, systemClock);
});
afterEach(async () => {
  await lag.close();
  await lane.close();
});

const left = (): Promise<number> => lag.messages(lane.groupId, lane.topic.name);

describe('the lag of another group', () => {
  it('is everything while the group has never run, over all partitions', async () => {
    expect(await left()).toBe(0);
    await lane.send(1, 12, (number) => `m:${number}`);
    expect(await left()).toBe(12);
  });

  it('is what the group has not dealt with: all while it fails, nothing once it is through', async () => {
    let isBroken = true;
    await lane.send(1, 12, (number) => `m:${number}`);
    await lane.serve(async (batch) => {
      if (isBroken) throw new RetryableError('an outage', { retryAfterMs: 100 });
      return batch.messages.map(() => DONE);
    });
    expect(await left()).toBe(12);
    isBroken = false;
    await waitUntil('the group to be through', async () => (await left()) === 0, { deadlineMs: 25_000 });
    await lane.send(13, 15);
    await waitUntil('the group to be through again', async () => (await left()) === 0, {
      deadlineMs: 25_000,
    });
    expect(await lane.committed()).toBe(15);
  });

  it('cannot be told while the brokers are away: an error that passes, never a zero', async () => {
    const logger = createLogger('spec', 'silent');
    const away = connectKafka({ brokers: ['127.0.0.1:9'], clientId: 'group-lag-spec', logger });
    const blind = new GroupLag(away, systemClock);
    await expect(blind.messages(lane.groupId, lane.topic.name)).rejects.toThrow(RetryableError);
    await expect(blind.messages(lane.groupId, lane.topic.name)).rejects.toThrow(/Cannot read the lag of/);
    await blind.close();
  });
});
