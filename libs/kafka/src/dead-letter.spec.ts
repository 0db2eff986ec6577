import { describe, expect, it } from '@jest/globals';
import { OutcomeSchema, Topics } from '@watertight/contracts';
import { Compile } from 'typebox/compile';
import { type DeadLetter, deadLetterRecord, unreadableOutcome } from './dead-letter.ts';

const letter: DeadLetter = {
  topic: 'mirakl.orders.v1',
  position: { partition: 3, offset: '42' },
  key: Buffer.from('m:A-1'),
  value: Buffer.from([0xff, 0x00, 0x7b]),
  headers: { ce_subject: Buffer.from('m:A-1'), twice: [Buffer.from('a'), Buffer.from('b')] },
  group: 'profile-mapper',
  stage: 'mapper',
  reason: 'contract.invalid_message',
  detail: 'the value is not JSON',
  attempts: 2,
  at: new Date('2026-03-01T10:15:00Z'),
};

describe('deadLetterRecord', () => {
  it('keeps the original as it was, byte for byte, with every header', () => {
    const record = deadLetterRecord(letter);
    expect(record.topic).toBe('mirakl.orders.v1.profile-mapper.dlq');
    expect(record.key).toBe(letter.key);
    expect(record.value).toBe(letter.value);
    expect(record.headers).toEqual({
      ...letter.headers,
      dlq_topic: 'mirakl.orders.v1',
      dlq_partition: '3',
      dlq_offset: '42',
      dlq_group: 'profile-mapper',
      dlq_stage: 'mapper',
      dlq_reason: 'contract.invalid_message',
      dlq_detail: 'the value is not JSON',
      dlq_attempts: '2',
      dlq_at: '2026-03-01T10:15:00.000Z',
    });
  });

  it('says nothing of a position for bytes that never were on a topic', () => {
    const { headers } = deadLetterRecord({ ...letter, position: null });
    expect(headers).not.toHaveProperty('dlq_partition');
    expect(headers).not.toHaveProperty('dlq_offset');
  });

  it('cuts a long detail', () => {
    expect(deadLetterRecord({ ...letter, detail: 'x'.repeat(10_000) }).headers['dlq_detail']).toHaveLength(
      500,
    );
  });
});

describe('unreadableOutcome', () => {
  const fits = (outcome: unknown) => Compile(OutcomeSchema).Check(outcome);

  it('fails the order that the header names', () => {
    const outcome = unreadableOutcome(Topics.orders, { ...letter, key: Buffer.from('other:1') });
    expect(outcome).toMatchObject({
      stage: 'mapper',
      orderKey: 'm:A-1',
      marketplaceId: 'm',
      factId: 'm:A-1',
      outcome: 'failed',
      reason: 'contract.invalid_message',
      detail: 'mirakl.orders.v1/3/42: the value is not JSON',
      revision: 0,
    });
    expect(fits(outcome)).toBe(true);
  });

  it('falls back to the key', () => {
    expect(unreadableOutcome(Topics.orders, { ...letter, headers: {} })).toMatchObject({ orderKey: 'm:A-1' });
  });

  it('takes the revision from a value that is JSON', () => {
    const value = Buffer.from('{"revision": 7, "orderKey": 1}');
    expect(unreadableOutcome(Topics.orders, { ...letter, value })).toMatchObject({ revision: 7 });
  });

  it.each(['{"revision": -1}', '{"revision": 1.5}', '{"revision": "2"}', 'null', '[1]'])(
    'not from %s',
    (text) => {
      const outcome = unreadableOutcome(Topics.orders, { ...letter, value: Buffer.from(text) });
      expect(outcome).toMatchObject({ revision: 0 });
    },
  );

  it('names the position when the order is not known', () => {
    const outcome = unreadableOutcome(Topics.orders, {
      ...letter,
      headers: {},
      key: Buffer.from('no order key'),
    });
    expect(outcome).toMatchObject({ orderKey: null, marketplaceId: null, factId: 'mirakl.orders.v1/3/42' });
    expect(fits(outcome)).toBe(true);
  });

  it('does not fail an order because a command about it cannot be read', () => {
    expect(unreadableOutcome(Topics.commands, letter)).toMatchObject({ orderKey: null });
  });

  it('is the same outcome for the same record, however often it is said', () => {
    const later = { ...letter, at: new Date('2026-03-02T00:00:00Z'), attempts: 9 };
    const ids = [letter, later].map((one) => unreadableOutcome(Topics.orders, one).outcomeId);
    expect(ids[0]).toBe(ids[1]);
  });
});
