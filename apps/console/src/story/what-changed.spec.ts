import { describe, expect, it } from '@jest/globals';
import type { TimelineItem } from '../api/model.ts';
import { whatChanged } from './what-changed.ts';

const said = (change: Partial<TimelineItem>): TimelineItem => ({
  at: '2026-03-01T10:00:00Z',
  chapter: 'mirakl_said',
  stage: 'ingest',
  what: 'order',
  factId: 'm:A-1',
  revision: 1,
  reason: null,
  meaning: null,
  detail: null,
  state: 'SHIPPING',
  amount: { amount: '49.90', currency: 'EUR' },
  eventIds: [],
  exchange: null,
  ...change,
});

describe('what changed between versions', () => {
  it('tells the state and the amount before and after', () => {
    const first = said({});
    const second = said({ state: 'SHIPPED', amount: { amount: '39.90', currency: 'EUR' } });
    const changes = whatChanged([first, second]);
    expect(changes.get(first)).toBeUndefined();
    expect(changes.get(second)?.map(({ what }) => what)).toEqual(['state', 'amount']);
    expect(changes.get(second)?.[0]).toMatchObject({ before: 'SHIPPING', after: 'SHIPPED' });
  });

  it('compares a fact with itself only, and listens to Mirakl only', () => {
    const order = said({});
    const refund = said({ factId: 'm:A-1:refund:7', state: 'REFUNDED' });
    const understood = said({ chapter: 'we_understood', state: 'OTHER' });
    const again = said({});
    const changes = whatChanged([order, refund, understood, again]);
    expect(changes.get(refund)).toBeUndefined();
    expect(changes.get(understood)).toBeUndefined();
    expect(changes.get(again)).toEqual([]);
  });
});
