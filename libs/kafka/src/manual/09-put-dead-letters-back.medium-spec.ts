// real: [Kafka], double: []
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '@watertight/service';
import { waitUntil } from '@watertight/testing';
import { deadLetterTopicName } from '@watertight/contracts';
import { DeadLetterReader } from '../dead-letter-reader.ts';
import { LaneWatch } from '../lane-watch.ts';
import { DONE, type MessageBatch, type MessageOutcome } from '../message-batch.ts';
import { laneFixture, type LaneFixture, type Thing } from './lane.fixture.ts';

// 9. Dead letters can be looked at, counted, and put back on the topic they came from: the same key and bytes, and the
//    handler meets them again as if they were new.

let lane: LaneFixture;
let reader: DeadLetterReader;
beforeEach(async () => {
  lane = await laneFixture();
  reader = new DeadLetterReader(lane.connection, systemClock);
});
afterEach(async () => {
  await reader.close();
  await lane.close();
});

describe('dead letters', () => {
  it('are read newest last, counted, and come back to the handler when they are put back', async () => {
    let isMended = false;
    const seen: number[] = [];
    await lane.serve(async (batch: MessageBatch<Thing>): Promise<MessageOutcome[]> =>
      batch.messages.map(({ value }) => {
        seen.push(value.number);
        const isDead = !isMended && value.number % 2 === 0;
        return isDead ? { kind: 'dead', reason: 'klaviyo.rejected', detail: 'refused' } : DONE;
      }),
    );
    await lane.send(1, 4);
    await waitUntil('four commits', async () => (await lane.committed()) === 4);

    const topic = deadLetterTopicName(lane.topic.name, lane.groupId);
    const letters = await reader.newest([topic, 'no.such.topic.dlq'], 10);
    expect(letters.map(({ offset, headers }) => [offset, headers['dlq_offset']])).toEqual([
      ['0', '1'],
      ['1', '3'],
    ]);
    expect((await reader.newest([topic], 1)).map(({ offset }) => offset)).toEqual(['1']);

    const watch = new LaneWatch(
      lane.connection,
      systemClock,
      [{ group: lane.groupId, topic: lane.topic.name }],
      [topic],
    );
    const look = await watch.look();
    await watch.close();
    expect(look.deadLetters).toEqual([{ topic, messages: 2, lastDay: 2 }]);
    expect(look.lanes[0]?.partitions[0]).toMatchObject({ messages: 0, seconds: 0 });

    isMended = true;
    const [second] = await reader.at([{ topic, partition: 0, offset: '1' }]);
    expect(second?.headers['dlq_reason']).toBe('klaviyo.rejected');
    if (second !== undefined) await reader.putBack([second]);
    await waitUntil('the fifth commit', async () => (await lane.committed()) === 5);
    expect(seen).toEqual([1, 2, 3, 4, 4]);
    const after = await reader.newest([topic], 10);
    expect(after).toHaveLength(2);
  });
});
