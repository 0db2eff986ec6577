import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Topics, traceHeaders } from '@watertight/contracts';
import { parseTraceparent, recordSpansInMemory, type RecordedSpans } from '@watertight/service';
import type { OutgoingMessage } from './encode-message.ts';
import type { ReceivedMessage } from './message-batch.ts';
import { traceOutgoing } from './outgoing-spans.ts';
import { traceReceived } from './received-spans.ts';
import { RememberedTraces } from './remembered-traces.ts';

const message = (subject: string, value: object = {}): OutgoingMessage => ({
  topic: Topics.orders,
  key: subject,
  value,
  subject,
});

const received = (subject: string, traceparent?: string): ReceivedMessage<unknown> => ({
  value: {},
  key: subject,
  topic: Topics.orders.name,
  partition: 0,
  offset: '1',
  timestampMs: 0,
  headers: {
    ce_subject: subject,
    ...(traceparent === undefined ? {} : { [traceHeaders.traceparent]: traceparent }),
  },
});

const traceIdOf = (header: string | undefined): string | undefined => parseTraceparent(header ?? '')?.traceId;

describe('with tracing off', () => {
  it('hands messages on as they are', async () => {
    const messages = [message('m:off')];
    expect(traceOutgoing(messages).messages).toBe(messages);
    const batch = [received('m:off')];
    await expect(traceReceived('g', batch, async (same) => same)).resolves.toBe(batch);
  });
});

describe('with tracing on', () => {
  let spans: RecordedSpans;
  beforeAll(async () => {
    spans = await recordSpansInMemory();
  });
  beforeEach(() => spans.on());
  afterEach(() => spans.off());

  it('begins one trace per order within one publish', () => {
    const traced = traceOutgoing([message('m:1'), message('m:2'), message('m:1')]);
    traced.end();
    const [first, second, third] = traced.messages.map(({ traceparent }) => traceIdOf(traceparent));
    expect(first).toBeDefined();
    expect(third).toBe(first);
    expect(second).not.toBe(first);
  });

  it('continues the trace of the message that led to it', () => {
    const header = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const traced = traceOutgoing([{ ...message('m:3'), traceparent: header }]);
    traced.end();
    const [only] = traced.messages;
    expect(traceIdOf(only?.traceparent)).toBe('0af7651916cd43dd8448eb211c80319c');
    expect(only?.traceparent).not.toBe(header);
    expect(spans.finished().find(({ parentSpanId }) => parentSpanId === 'b7ad6b7169203331')).toBeDefined();
  });

  it('gives the handler messages whose header is the new span, and joins later words on the order', async () => {
    const header = '00-1af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const seen = await traceReceived('writer', [received('m:4', header)], async ([only]) => only?.headers);
    expect(traceIdOf(seen?.[traceHeaders.traceparent])).toBe('1af7651916cd43dd8448eb211c80319c');
    const later = traceOutgoing([message('m:4', { outcome: 'verified' })]);
    later.end();
    expect(traceIdOf(later.messages[0]?.traceparent)).toBe('1af7651916cd43dd8448eb211c80319c');
    expect(spans.finished().at(-1)?.attributes['watertight.outcome']).toBe('verified');
  });

  it('keeps the traces of a batch apart and marks all of them when the handler fails', async () => {
    const one = '00-2af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const two = '00-3af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const failing = traceReceived('mapper', [received('m:5', one), received('m:6', two)], async () => {
      throw new RangeError('buyer@example.com');
    });
    await expect(failing).rejects.toThrow(RangeError);
    const failed = spans.finished().filter(({ error }) => error === 'RangeError');
    expect(failed).toHaveLength(3);
    expect(new Set(failed.map(({ traceId }) => traceId)).size).toBe(3);
    expect(JSON.stringify(spans.finished())).not.toContain('example.com');
  });
});

describe('remembered traces', () => {
  it('forgets the oldest past its limit', () => {
    const traces = new RememberedTraces(2);
    traces.remember('a', '1');
    traces.remember('b', '2');
    traces.remember('a', '3');
    traces.remember('c', '4');
    expect([traces.of('a'), traces.of('b'), traces.of('c')]).toEqual(['3', undefined, '4']);
  });
});
