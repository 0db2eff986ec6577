import { describe, expect, it } from '@jest/globals';
import type { TopicDefinition } from '@watertight/contracts';
import { Type } from 'typebox';
import { MESSAGE_MAX_BYTES } from './limits.ts';
import { parseMessage, type RawRecord } from './parse-message.ts';

const topic: TopicDefinition = {
  name: 'spec.things.v1',
  description: 'Things of this spec',
  key: 'orderKey',
  schema: Type.Object({
    orderKey: Type.String(),
    contact: Type.Object({ email: Type.String({ pattern: '^.+@.+$' }) }),
  }),
  cleanup: 'delete',
  retentionMs: 1_000,
  partitions: 1,
  producers: [],
  groups: [],
  open: false,
};
const compacted: TopicDefinition = { ...topic, cleanup: 'compact', retentionMs: null };
const good = { orderKey: 'm:1', contact: { email: 'x@y' } };

function record(fields: Partial<RawRecord> = {}): RawRecord {
  const value = Buffer.from(JSON.stringify(good));
  return { key: Buffer.from('m:1'), value, offset: '42', timestamp: '1700000000000', ...fields };
}

describe('parseMessage', () => {
  it('hands on a value that fits its schema, with its position and headers as text', () => {
    const headers = { ce_subject: Buffer.from('m:1'), twice: [Buffer.from('a'), Buffer.from('b')] };
    expect(parseMessage(topic, 3, record({ headers }))).toEqual({
      ok: true,
      message: {
        value: good,
        key: 'm:1',
        topic: 'spec.things.v1',
        partition: 3,
        offset: '42',
        timestampMs: 1_700_000_000_000,
        headers: { ce_subject: 'm:1', twice: 'b' },
      },
    });
  });

  it('rejects what is not JSON without quoting it', () => {
    expect(parseMessage(topic, 0, record({ value: Buffer.from('jane@example.test') }))).toEqual({
      ok: false,
      rejected: { reason: 'contract.invalid_message', detail: 'the value is not JSON' },
    });
  });

  it('names the field that does not fit, not its content', () => {
    const value = Buffer.from(JSON.stringify({ ...good, contact: { email: 'jane-at-example' } }));
    expect(parseMessage(topic, 0, record({ value }))).toEqual({
      ok: false,
      rejected: { reason: 'contract.invalid_message', detail: '/contact/email does not satisfy "pattern"' },
    });
  });

  it('hands on a tombstone of a compacted topic as null', () => {
    const parsed = parseMessage(compacted, 0, record({ value: null }));
    expect(parsed).toMatchObject({ ok: true, message: { value: null, key: 'm:1' } });
  });

  it('rejects a null value on any other topic', () => {
    const parsed = parseMessage(topic, 0, record({ value: null }));
    expect(parsed).toMatchObject({ ok: false, rejected: { reason: 'contract.invalid_message' } });
  });

  it('rejects a record without a key, because nobody can tell what it is about', () => {
    expect(parseMessage(topic, 0, record({ key: null })).ok).toBe(false);
  });

  it('rejects one byte over the limit without parsing it', () => {
    const parsed = parseMessage(topic, 0, record({ value: Buffer.alloc(MESSAGE_MAX_BYTES + 1, 'x') }));
    expect(parsed).toMatchObject({ ok: false, rejected: { reason: 'contract.message_too_large' } });
  });

  it('takes a value of exactly the limit', () => {
    const frame = JSON.stringify({ ...good, filler: '' });
    const value = Buffer.from(
      JSON.stringify({ ...good, filler: 'x'.repeat(MESSAGE_MAX_BYTES - frame.length) }),
    );
    expect(value.length).toBe(MESSAGE_MAX_BYTES);
    expect(parseMessage(topic, 0, record({ value })).ok).toBe(true);
  });
});
