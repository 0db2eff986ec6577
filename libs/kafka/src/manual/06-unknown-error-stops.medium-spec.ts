// real: [Kafka], double: []
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PermanentError } from '@watertight/service';
import { waitUntil } from '@watertight/testing';
import { DONE, type MessageBatch, type MessageOutcome } from '../message-batch.ts';
import { OutcomesMissingError } from '../run-batch.ts';
import { laneFixture, type LaneFixture, type Thing } from './lane.fixture.ts';

// 6. An error that nobody foresaw is a bug. The service stops: nothing is committed, nothing diverted, nothing tried
//    again by itself.

let lane: LaneFixture;
beforeEach(async () => {
  lane = await laneFixture();
});
afterEach(() => lane.close());

const allDone = (batch: MessageBatch<Thing>): MessageOutcome[] => batch.messages.map(() => DONE);

describe('an unknown error', () => {
  it('is reported once as it was thrown; the messages stay uncommitted and are not handled again', async () => {
    await lane.send(1, 10);
    const bug = new TypeError('cannot read properties of undefined');
    let calls = 0;
    const service = await lane.serve(async () => {
      calls += 1;
      throw bug;
    });
    await waitUntil('the report', () => service.fatal.length > 0);
    await waitUntil('the consumer to have left', async () =>
      service.strategy.check().then(
        () => false,
        () => true,
      ),
    );
    expect(service.fatal).toEqual([bug]);
    expect(calls).toBe(1);
    expect(await lane.committed()).toBe(0);
    expect(await lane.deadLetters()).toEqual([]);
  });

  it('keeps what was committed before it', async () => {
    await lane.send(1, 30);
    const service = await lane.serve(
      async (batch) => {
        if (batch.messages.some(({ value }) => value.number === 15)) throw new TypeError('a bug at fifteen');
        return allDone(batch);
      },
      { maxBatchMessages: 10 },
    );
    await waitUntil('the report', () => service.fatal.length > 0);
    expect(await lane.committed()).toBe(10);
  });

  it('frees the partitions at once, so that the restarted service goes on without waiting for a session to end', async () => {
    await lane.send(1, 5);
    const service = await lane.serve(async () => {
      throw new TypeError('a bug');
    });
    await waitUntil('the report', () => service.fatal.length > 0);
    const since = performance.now();
    await lane.serve(async (batch) => allDone(batch));
    await waitUntil('the commit', async () => (await lane.committed()) === 5);
    expect(performance.now() - since).toBeLessThan(5_000);
  });
});

describe('what counts as unknown', () => {
  const cases: [string, (batch: MessageBatch<Thing>) => Promise<MessageOutcome[]>, unknown][] = [
    ['an outcome too few', async (batch) => allDone(batch).slice(1), expect.any(OutcomesMissingError)],
    ['an outcome too many', async (batch) => [...allDone(batch), DONE], expect.any(OutcomesMissingError)],
    [
      'a PermanentError for a whole batch: which message does it mean?',
      async () => {
        throw new PermanentError('klaviyo.rejected', 'refused');
      },
      expect.any(PermanentError),
    ],
  ];

  it.each(cases)('%s', async (_, handler, expected) => {
    await lane.send(1, 3);
    const service = await lane.serve(handler);
    await waitUntil('the report', () => service.fatal.length > 0);
    expect(service.fatal).toEqual([expected]);
    expect(await lane.committed()).toBe(0);
  });
});
