import { describe, expect, it } from '@jest/globals';
import { deadLetterHeaders } from '@watertight/contracts';
import type { StoredDeadLetter } from '@watertight/kafka';
import { FakeClock } from '@watertight/testing';
import { DeadLetterDesk } from './dead-letter-desk.ts';
import type { ReplaysStore } from './operations.store.ts';

const actor = { subject: 'ann', role: 'operator', name: null } as never;

function letter(topic: string, source: string, group: string): StoredDeadLetter {
  const headers = {
    [deadLetterHeaders.topic]: source,
    [deadLetterHeaders.group]: group,
    [deadLetterHeaders.offset]: '7',
  };
  return { topic, partition: 0, offset: '1', key: null, value: Buffer.from('{}'), headers, rawHeaders: {} };
}

async function preview(one: StoredDeadLetter): Promise<{ replayed: number; because: string | undefined }> {
  const reader = {
    at: async () => [one],
    newest: async () => [one],
    putBack: async () => Promise.reject(new Error('a preview puts nothing back')),
  };
  const replays = { replayedAt: async () => new Map() } as unknown as ReplaysStore;
  const desk = new DeadLetterDesk(reader, replays, new FakeClock());
  const { topic, partition, offset } = one;
  const body = { letters: [{ topic, partition, offset }], why: 'mended', preview: true };
  const { replayed, skipped } = await desk.replay(body, actor);
  return { replayed, because: skipped[0]?.because };
}

describe('the desk of dead letters', () => {
  it('puts back what lies with the dead letters of its own topic', async () => {
    const one = letter('mirakl.orders.v1.profile-mapper.dlq', 'mirakl.orders.v1', 'profile-mapper');
    expect(await preview(one)).toEqual({ replayed: 1, because: undefined });
  });

  it('puts back no letter that names another topic: a forged one could reach any', async () => {
    const one = letter('mirakl.orders.v1.profile-mapper.dlq', 'buyer.events.v1', 'profile-mapper');
    expect(await preview(one)).toEqual({ replayed: 0, because: expect.stringContaining('another topic') });
  });

  it('puts back no command: only who asks for it may send it', async () => {
    const one = letter('sync.commands.v1.profile-mapper.dlq', 'sync.commands.v1', 'profile-mapper');
    expect(await preview(one)).toEqual({ replayed: 0, because: expect.stringContaining('in your own name') });
  });
});
