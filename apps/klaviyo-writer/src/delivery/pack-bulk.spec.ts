import { describe, expect, it } from '@jest/globals';
import { BULK_MAX_BYTES, BULK_MAX_EVENTS, packBulk } from './pack-bulk.ts';

interface Item {
  readonly key: string;
  readonly bytes: number;
}

const pack = (queue: readonly Item[], eventsMax?: number) => packBulk(queue, (item) => item, eventsMax);

const items = (count: number, bytes = 100) =>
  Array.from({ length: count }, (_, index) => ({ key: `k-${index}`, bytes }));

describe('a bulk request', () => {
  it('holds a thousand events and not one more', () => {
    const { load, rest } = pack(items(BULK_MAX_EVENTS + 1));
    expect(load).toHaveLength(1_000);
    expect(rest.map(({ key }) => key)).toEqual(['k-1000']);
  });

  it('holds as few as it is asked to', () => {
    const { load, rest } = pack(items(3), 1);
    expect([load, rest].map((some) => some.length)).toEqual([1, 2]);
  });

  it('stays under the limit of bytes', () => {
    const { load, rest } = pack(items(10, BULK_MAX_BYTES / 4));
    expect(load).toHaveLength(4);
    expect(rest).toHaveLength(6);
  });

  it('takes an event that is too large alone: Klaviyo says what is wrong with it', () => {
    const { load } = pack([{ key: 'large', bytes: BULK_MAX_BYTES + 1 }, ...items(3)]);
    expect(load.map(({ key }) => key)).toEqual(['large']);
  });

  it('lets nothing overtake an event that does not fit any more', () => {
    const { load, rest } = pack([...items(1), { key: 'large', bytes: BULK_MAX_BYTES }, ...items(3).slice(1)]);
    expect(load.map(({ key }) => key)).toEqual(['k-0']);
    expect(rest[0]?.key).toBe('large');
  });

  it('never holds an id twice: the repeat would have all of it refused', () => {
    const { load, rest } = pack([...items(3), ...items(2)]);
    expect(load.map(({ key }) => key)).toEqual(['k-0', 'k-1', 'k-2']);
    expect(rest.map(({ key }) => key)).toEqual(['k-0', 'k-1']);
  });
});
