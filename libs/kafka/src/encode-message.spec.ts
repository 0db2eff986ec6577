import { describe, expect, it } from '@jest/globals';
import { Topics, type TopicDefinition } from '@watertight/contracts';
import { PermanentError } from '@watertight/service';
import { Type } from 'typebox';
import { encodeMessage, InvalidMessageError, MessageTooLargeError, outgoing } from './encode-message.ts';
import { MESSAGE_MAX_BYTES } from './limits.ts';

const schema = Type.Object({ orderKey: Type.String(), text: Type.String() });
const topic: TopicDefinition<typeof schema> = { ...Topics.orders, name: 'spec.things.v1', schema };
const compacted: TopicDefinition<typeof schema> = { ...topic, cleanup: 'compact', retentionMs: null };
const at = new Date('2026-03-01T10:15:00Z');

const message = (text: string) =>
  outgoing(topic, { key: 'm:1', subject: 'm:1', value: { orderKey: 'm:1', text } });

describe('encodeMessage', () => {
  it('writes JSON, CloudEvents attributes and the trace context', () => {
    const traced = {
      ...message('x'),
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      id: 'my-id',
    };
    const record = encodeMessage(traced, 'mirakl-ingest', at, 0);
    expect(record.value?.toString()).toBe('{"orderKey":"m:1","text":"x"}');
    expect(record.headers).toEqual({
      ce_specversion: '1.0',
      ce_id: 'my-id',
      ce_source: '/watertight/mirakl-ingest',
      ce_type: 'spec.things.v1',
      ce_time: '2026-03-01T10:15:00.000Z',
      ce_subject: 'm:1',
      'content-type': 'application/json',
      traceparent: traced.traceparent,
    });
  });

  it('makes the same id for the same message, another for another', () => {
    const idOf = (text: string, when: Date) =>
      encodeMessage(message(text), 'mirakl-ingest', when, 0).headers['ce_id'];
    expect(idOf('x', at)).toBe(idOf('x', new Date(0)));
    expect(idOf('x', at)).not.toBe(idOf('y', at));
  });

  it('refuses a value that breaks the contract, naming the field and not its content', () => {
    const wrong = { ...message('x'), value: { orderKey: 'm:1', text: 12_345 } };
    expect(() => encodeMessage(wrong, 's', at, 0)).toThrow(InvalidMessageError);
    expect(() => encodeMessage(wrong, 's', at, 0)).toThrow('spec.things.v1: /text does not satisfy "type"');
  });

  it('writes a tombstone on a compacted topic and refuses it elsewhere', () => {
    const tombstone = { key: 'b', subject: 'b', value: null };
    const record = encodeMessage(outgoing(compacted, tombstone), 's', at, 0);
    expect(record.value).toBeNull();
    expect(record.headers).not.toHaveProperty('content-type');
    expect(() => encodeMessage(outgoing(topic, tombstone), 's', at, 0)).toThrow(InvalidMessageError);
  });

  it('refuses a message without a key', () => {
    expect(() => encodeMessage({ ...message('x'), key: '' }, 's', at, 0)).toThrow(InvalidMessageError);
  });

  it('takes a message of exactly the limit and refuses one byte more as permanent, naming its place', () => {
    const empty = encodeMessage(message(''), 's', at, 0).bytes;
    const text = 'x'.repeat(MESSAGE_MAX_BYTES - empty);
    expect(encodeMessage(message(text), 's', at, 0).bytes).toBe(MESSAGE_MAX_BYTES);
    const thrown = (() => {
      try {
        return encodeMessage(message(`${text}x`), 's', at, 5);
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toBeInstanceOf(MessageTooLargeError);
    expect(thrown).toBeInstanceOf(PermanentError);
    expect(thrown).toMatchObject({ reason: 'contract.message_too_large', index: 5 });
  });

  it('counts bytes, not characters', () => {
    expect(encodeMessage(message('é'), 's', at, 0).bytes).toBe(
      encodeMessage(message('ee'), 's', at, 0).bytes,
    );
  });
});
