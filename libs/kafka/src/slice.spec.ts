import { describe, expect, it } from '@jest/globals';
import { sliceEnd, type SliceLimits } from './slice.ts';

function record(bytes: number, keyBytes = 0) {
  return { key: keyBytes === 0 ? null : Buffer.alloc(keyBytes), value: Buffer.alloc(bytes) };
}

function slices(records: { key: Buffer | null; value: Buffer | null }[], limits: SliceLimits): number[] {
  const sizes: number[] = [];
  for (let from = 0; from < records.length;) {
    const end = sliceEnd(records, from, limits);
    sizes.push(end - from);
    from = end;
  }
  return sizes;
}

describe('sliceEnd', () => {
  it('takes at most the given number of messages', () => {
    const records = Array.from({ length: 1_001 }, () => record(10));
    expect(slices(records, { maxMessages: 500, maxBytes: 1_000_000 })).toEqual([500, 500, 1]);
  });

  it('takes at most the given number of bytes, keys counted', () => {
    const records = [record(40, 10), record(40, 10), record(40, 10)];
    expect(slices(records, { maxMessages: 500, maxBytes: 100 })).toEqual([2, 1]);
  });

  it('takes exactly the limit', () => {
    expect(slices([record(50), record(50)], { maxMessages: 2, maxBytes: 100 })).toEqual([2]);
  });

  it('gives a record that is larger than a slice a slice of its own', () => {
    const records = [record(10), record(500), record(10)];
    expect(slices(records, { maxMessages: 500, maxBytes: 100 })).toEqual([1, 1, 1]);
  });

  it('counts a tombstone as its key', () => {
    const tombstone = { key: Buffer.alloc(60), value: null };
    expect(slices([tombstone, tombstone], { maxMessages: 500, maxBytes: 100 })).toEqual([1, 1]);
  });
});
