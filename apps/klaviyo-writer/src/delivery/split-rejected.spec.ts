import { describe, expect, it } from '@jest/globals';
import { splitRejected } from './split-rejected.ts';

const at = (pointer: string | null, detail = 'bad') => ({
  code: 'invalid',
  detail,
  pointer,
  duplicateProfileId: null,
});
const entry = (index: number, rest = '/attributes/events/data/0/attributes/time') =>
  `/data/attributes/events-bulk-create/data/${index}${rest}`;

describe('a refused bulk request', () => {
  it('fails the entries that Klaviyo names, and sends the others again', () => {
    const split = splitRejected(['a', 'b', 'c', 'd'], [at(entry(1)), at(entry(3))]);
    expect(split.rejected.map(({ item }) => item)).toEqual(['b', 'd']);
    expect(split.again).toEqual([['a', 'c']]);
  });

  it('names an entry once however much is wrong with it', () => {
    const split = splitRejected(['a', 'b'], [at(entry(0), 'first'), at(entry(0), 'second')]);
    expect(split.rejected).toEqual([{ item: 'a', problem: at(entry(0), 'first') }]);
  });

  it('takes 12 for the thirteenth entry, not for the second', () => {
    const items = Array.from({ length: 13 }, (_, index) => index);
    expect(splitRejected(items, [at(entry(12))]).rejected.map(({ item }) => item)).toEqual([12]);
  });

  it('sends a repeated id on by the single route: it may be stored already', () => {
    const repeated = at(entry(0, '/attributes/events/data/0/attributes/unique_id'));
    const split = splitRejected(['a', 'b'], [repeated]);
    expect(split).toEqual({ rejected: [], repeated: ['a'], again: [['b']] });
  });

  it('fails an entry that is a repeat and wrong besides', () => {
    const repeated = at(entry(0, '/attributes/events/data/0/attributes/unique_id'));
    expect(splitRejected(['a'], [repeated, at(entry(0))]).rejected).toHaveLength(1);
    expect(splitRejected(['a'], [at(entry(0)), repeated]).rejected).toHaveLength(1);
  });

  it.each([['/data'], [null], ['/data/attributes/events-bulk-create/data/99/x']])(
    'is halved when %s names none of its entries',
    (pointer) => {
      expect(splitRejected(['a', 'b', 'c'], [at(pointer)]).again).toEqual([['a', 'b'], ['c']]);
    },
  );

  it('ends with the culprit alone, whichever it is', () => {
    for (const culprit of [0, 1, 511, 999]) {
      let loads: (readonly number[])[] = [Array.from({ length: 1_000 }, (_, index) => index)];
      const rejected: number[] = [];
      let delivered = 0;
      let requests = 0;
      while (loads.length > 0) {
        const [load = [], ...others] = loads;
        requests += 1;
        loads = others;
        if (!load.includes(culprit)) delivered += load.length;
        else {
          const split = splitRejected(load, [at('/data')]);
          rejected.push(...split.rejected.map(({ item }) => item));
          loads = [...split.again, ...loads];
        }
      }
      expect(rejected).toEqual([culprit]);
      expect(delivered).toBe(999);
      expect(requests).toBeLessThan(25);
    }
  });
});
