import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import kafkajsCrc from 'kafkajs/src/protocol/recordBatch/crc32C/index.js';
import produce, { type ProduceFields } from 'kafkajs/src/protocol/requests/produce/index.js';
import { crc32c } from './crc32c.ts';
import { mendProduceRequest } from './mend-produce-request.ts';

const original = produce.protocol;

async function bytesOf(fields: ProduceFields, version = 7): Promise<Buffer> {
  const encoder = await produce.protocol({ version })(fields).request.encode();
  return encoder.buffer;
}

/** What kafkajs itself writes, and what is written once it is mended. */
async function both(fields: ProduceFields, version?: number): Promise<readonly [Buffer, Buffer]> {
  produce.protocol = original;
  const own = await bytesOf(fields, version);
  mendProduceRequest();
  expect(produce.protocol).not.toBe(original);
  return [own, await bytesOf(fields, version)];
}

const request = { acks: -1, timeout: 10_000, producerId: '4711', producerEpoch: 3 };

beforeEach(() => {
  jest.useFakeTimers({ now: 1_790_000_000_123 });
});
afterEach(() => {
  jest.useRealTimers();
  produce.protocol = original;
});

const text = fc.oneof(fc.string(), fc.string({ unit: 'binary', maxLength: 200 }));
const bytes = fc.uint8Array({ maxLength: 9_000 }).map((some) => Buffer.from(some));
const message = fc.record({
  key: fc.oneof(fc.constant(null), bytes),
  value: fc.oneof(fc.constant(null), bytes),
  headers: fc.dictionary(text, fc.oneof(text, bytes, fc.array(text, { maxLength: 3 }))),
});
const topicData = fc.array(
  fc.record({
    topic: fc.string(),
    partitions: fc.array(
      fc.record({
        partition: fc.nat(),
        firstSequence: fc.nat(),
        messages: fc.array(message, { minLength: 1, maxLength: 80 }),
      }),
      { maxLength: 3 },
    ),
  }),
  { maxLength: 3 },
);

describe('the mended produce request of kafkajs', () => {
  it('has the bytes that kafkajs writes, whatever is sent', async () => {
    await fc.assert(
      fc.asyncProperty(topicData, fc.constantFrom(3, 4, 5, 6, 7), async (topics, version) => {
        const [own, mended] = await both({ ...request, topicData: topics }, version);
        expect(mended.equals(own)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('has them for records of every size that a length is written in', async () => {
    const sizes = [0, 63, 64, 8_191, 8_192, 1_048_575, 1_048_576];
    const messages = sizes.map((size) => ({ key: null, value: Buffer.alloc(size, 7) }));
    const topics = [{ topic: 't', partitions: [{ partition: 0, messages }] }];
    const [own, mended] = await both({ ...request, topicData: topics });
    expect(mended.equals(own)).toBe(true);
  });

  it('leaves to kafkajs what only kafkajs writes: compression and times of our own', async () => {
    const messages = [{ key: null, value: Buffer.from('value'), timestamp: '1700000000000' }];
    const topics = [{ topic: 't', partitions: [{ partition: 0, messages }] }];
    const [own, mended] = await both({ ...request, topicData: topics });
    expect(mended.equals(own)).toBe(true);
    // The time stands in the batch, so a batch that we had written would differ.
    expect(own.includes(Buffer.from('0000018bcfe56800', 'hex'))).toBe(true);
    const gzip = await both({ ...request, compression: 1, topicData: topics });
    expect(gzip[1].equals(gzip[0])).toBe(true);
  });
});

describe('crc32c', () => {
  it('gives the check value of its definition', () => {
    expect(crc32c(Buffer.from('123456789'), 0, 9)).toBe(0xe3069283);
  });

  it('agrees with kafkajs on any part of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), (some, from) => {
        const start = Math.min(from, some.length);
        expect(crc32c(some, start, some.length)).toBe(kafkajsCrc(Buffer.from(some.subarray(start))));
      }),
    );
  });
});
