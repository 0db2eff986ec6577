// real: [Kafka], double: []
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RetryableError, systemClock } from '@watertight/service';
import { waitUntil } from '@watertight/testing';
import { register } from 'prom-client';
import { LagMonitor } from './lag-monitor.ts';
import { laneFixture, type LaneFixture } from './manual/lane.fixture.ts';
import { DONE } from './message-batch.ts';

let lane: LaneFixture;
beforeEach(async () => {
  lane = await laneFixture(2);
});
afterEach(() => lane.close());

async function gauge(name: string): Promise<number | undefined> {
  const metric = await register.getSingleMetric(name)?.get();
  const mine = metric?.values.filter(({ labels }) => labels['topic'] === lane.topic.name) ?? [];
  return mine.length === 0 ? undefined : Math.max(...mine.map(({ value }) => value));
}

describe('lag', () => {
  it('counts what a group has not committed, in messages and as the age of the oldest', async () => {
    await lane.send(1, 10);
    const monitor = new LagMonitor(lane.connection, lane.groupId, systemClock);
    monitor.assign({ [lane.topic.name]: [0, 1] });
    monitor.start();
    const [, partitions] = await waitUntil('a look', async () => [...(await monitor.look())][0]);
    expect(partitions.map(({ messages }) => messages).sort()).toEqual([0, 10]);
    expect(await gauge('watertight_kafka_lag_messages')).toBe(10);
    monitor.check();
    await monitor.stop();
    expect(await gauge('watertight_kafka_lag_messages')).toBeUndefined();
  });

  it('of a paused lane grows in seconds, and falls to nothing when the lane works again', async () => {
    let isBroken = true;
    await lane.serve(
      async (batch) => {
        if (isBroken) throw new RetryableError('an outage', { retryAfterMs: 200 });
        return batch.messages.map(() => DONE);
      },
      { lagIntervalMs: 200 },
    );
    await lane.send(1, 5);
    const sentAt = performance.now();
    await waitUntil(
      'a look at the lag',
      async () => ((await gauge('watertight_kafka_lag_seconds')) ?? 0) > 3,
      {
        deadlineMs: 25_000,
      },
    );
    const seconds = (await gauge('watertight_kafka_lag_seconds')) ?? 0;
    expect(seconds).toBeLessThanOrEqual((performance.now() - sentAt) / 1_000 + 1);
    expect(await gauge('watertight_kafka_lag_messages')).toBe(5);
    isBroken = false;
    await waitUntil('no lag', async () => (await gauge('watertight_kafka_lag_seconds')) === 0, {
      deadlineMs: 25_000,
    });
    expect(await gauge('watertight_kafka_paused_partitions')).toBe(0);
  }, 60_000);
});
