import { describe, expect, it } from '@jest/globals';
import { eur, marketplace, order, POLICY, policyOf } from '../scenarios/facts.fixture.ts';
import { findFieldFindings } from './build-coverage-words.ts';
import { countFields } from './count-fields.ts';
import type { FieldCoverageRow } from './coverage.store.ts';
import { decideVanished } from './decide-vanished.ts';

const gift = (value: string) => [{ code: 'gift', type: 'BOOLEAN', value }];
const NOW = new Date('2026-03-02T08:00:00Z');

describe('countFields', () => {
  it('counts orders and money of each field and of each value of a closed list', () => {
    const counts = countFields(
      [
        { fact: order({ additionalFields: gift('true'), amount: eur('10.00') }), notConvertible: [] },
        {
          fact: order({ orderId: 'A-2', additionalFields: gift('false'), amount: eur('5.00') }),
          notConvertible: [],
        },
        {
          fact: order({ orderId: 'A-3', currency: 'USD', amount: { amount: '8.00', currency: 'USD' } }),
          notConvertible: [],
        },
      ],
      POLICY,
    );
    const told = counts.map(({ field, value, orders, moneyMinor }) => [field, value, orders, moneyMinor]);
    expect(told).toContainEqual(['*', '', 3, 1_900]);
    expect(told).toContainEqual(['additional:gift', '', 2, 1_500]);
    expect(told).toContainEqual(['additional:gift', 'true', 1, 1_000]);
    expect(told).toContainEqual(['order.payment_type', 'CARD', 3, 1_900]);
  });

  it('counts an order once whose lines all carry the field', () => {
    const [lines] = [order().lines];
    const twice = order({ lines: [...lines, ...lines.map((line) => ({ ...line, lineId: '2' }))] });
    const counts = countFields([{ fact: twice, notConvertible: [] }], POLICY);
    expect(counts.find(({ field, value }) => field === 'line.category_label' && value === '')?.orders).toBe(
      1,
    );
  });
});

describe('decideVanished', () => {
  it.each([
    ['a field on every order, missing for 12', { carried: 100, ordersThen: 100, ordersNow: 112 }, true],
    ['a field on every order, missing for 11', { carried: 100, ordersThen: 100, ordersNow: 111 }, false],
    [
      'a field on one order in ten, missing for 60',
      { carried: 100, ordersThen: 1_000, ordersNow: 1_060 },
      false,
    ],
    [
      'a field on one order in ten, missing for 120',
      { carried: 100, ordersThen: 1_000, ordersNow: 1_120 },
      true,
    ],
    ['a field that only few orders ever had', { carried: 9, ordersThen: 9, ordersNow: 10_000 }, false],
  ])('decides of %s', (_name, history, expected) => {
    expect(decideVanished(history)).toBe(expected);
  });
});

describe('findFieldFindings', () => {
  const policy = policyOf([
    marketplace('m', { attributes: [{ from: 'additional:gift', to: 'Gift', on: 'event', as: 'boolean' }] }),
  ]);
  const row = (changes: Partial<FieldCoverageRow>): FieldCoverageRow => ({
    marketplaceId: 'm',
    field: 'additional:gift',
    value: '',
    orders: 100,
    notConvertible: 0,
    moneyMinor: 0,
    example: 'xxxx',
    firstSeenAt: NOW,
    lastSeenAt: NOW,
    ordersOfMarketplace: 100,
    publishedFinding: null,
    ...changes,
  });
  const found = (changes: Partial<FieldCoverageRow>, ordersNow: number) =>
    findFieldFindings([row({ field: '*', orders: ordersNow }), row(changes)], policy, NOW).map(
      ({ word: { check, result } }) => `${check} ${result}`,
    );

  it('says once that a mapped field has stopped arriving, and that it is back', () => {
    expect(found({}, 105)).toEqual([]);
    expect(found({}, 200)).toEqual(['mapping.field_vanished:additional:gift problem']);
    expect(found({ publishedFinding: 'vanished' }, 200)).toEqual([]);
    expect(found({ publishedFinding: 'vanished', ordersOfMarketplace: 200 }, 200)).toEqual([
      'mapping.field_vanished:additional:gift ok',
    ]);
  });

  it('says that values are not of the type the mapping asks for', () => {
    expect(found({ notConvertible: 3 }, 105)).toEqual(['mapping.not_convertible:additional:gift warning']);
  });

  it('says nothing of a field that no mapping names', () => {
    expect(found({ field: 'additional:other', notConvertible: 0 }, 500)).toEqual([]);
  });
});
