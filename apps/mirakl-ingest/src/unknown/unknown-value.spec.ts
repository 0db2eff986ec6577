import { describe, expect, it } from '@jest/globals';
import { ORDER_STATES } from '../mirakl/known-values.ts';
import { countUnknown, tellUnknown, unknownCode, unknownFields } from './unknown-value.ts';

const state = (value: string, count: number) => ({ field: 'order_state', value, count });

describe('unknownCode', () => {
  it('knows what Mirakl lists, and takes absence for nothing to report', () => {
    expect(unknownCode('order_state', 'SHIPPING', ORDER_STATES)).toBeNull();
    expect(unknownCode('order_state', null, ORDER_STATES)).toBeNull();
  });

  it('names a new value, but repeats nothing that could be a sentence about a person', () => {
    expect(unknownCode('order_state', 'DRONE_WAIT', ORDER_STATES)?.value).toBe('DRONE_WAIT');
    expect(unknownCode('order_state', 'ask ines@example.org', ORDER_STATES)?.value).toBe('(not a code)');
  });
});

describe('unknownFields', () => {
  it('names the members that are not listed', () => {
    expect(unknownFields({ id: 1, eco_score: 'A' }, 'order', new Set(['id']))).toEqual([
      { field: 'order.*', value: 'eco_score' },
    ]);
  });
});

describe('tellUnknown', () => {
  it('tells of a value when it is new', () => {
    const { counts, tell } = tellUnknown([state('NEW', 3)], []);
    expect(counts).toEqual([{ field: 'order_state', value: 'NEW', seen: 3, told: 3 }]);
    expect(tell).toEqual(counts);
  });

  it('then only counts, until it has been seen twice as often as it was told', () => {
    const known = { field: 'order_state', value: 'NEW', seen: 3, told: 3 };
    expect(tellUnknown([state('NEW', 2)], [known])).toEqual({ counts: [{ ...known, seen: 5 }], tell: [] });
    const doubled = tellUnknown([state('NEW', 1)], [{ ...known, seen: 5 }]);
    expect(doubled.tell).toEqual([{ ...known, seen: 6, told: 6 }]);
  });

  it('tells a thousand sightings in about ten words', () => {
    let counts: ReturnType<typeof tellUnknown>['counts'] = [];
    let words = 0;
    for (let seen = 0; seen < 1_000; seen += 1) {
      const told = tellUnknown([state('NEW', 1)], counts);
      counts = told.counts;
      words += told.tell.length;
    }
    expect([counts[0]?.seen, words]).toEqual([1_000, 10]);
  });

  it('counts each value of a page once', () => {
    const value = { field: 'order_state', value: 'NEW' };
    expect(countUnknown([value, value, { ...value, value: 'OTHER' }])).toEqual([
      { ...value, count: 2 },
      { field: 'order_state', value: 'OTHER', count: 1 },
    ]);
  });
});
