import { describe, expect, it } from '@jest/globals';
import type { FieldCoverage } from '@watertight/contracts';
import { buildCoverage } from './build-coverage.ts';

const word = (
  field: string,
  mapped: boolean,
  amount: string | null,
  override: Partial<FieldCoverage> = {},
): FieldCoverage => ({
  kind: 'field_coverage',
  outcomeId: `m:coverage:${field}`,
  marketplaceId: 'm',
  at: '2026-03-10T12:00:00Z',
  field,
  value: null,
  mapped,
  orders: 10,
  money: amount === null ? null : { amount, currency: 'EUR' },
  example: null,
  firstSeenAt: '2026-03-01T00:00:00Z',
  lastSeenAt: '2026-03-10T00:00:00Z',
  ...override,
});
const build = (words: readonly FieldCoverage[]) =>
  buildCoverage({ marketplaceId: 'm', name: 'Maison' }, words);

describe('the coverage of a mapping', () => {
  it('weighs fields by the money of their orders, and shows what is not mapped first', () => {
    const coverage = build([
      word('order.payment_type', true, '300.00'),
      word('additional:colour', false, '60.00'),
      word('additional:gift', false, '40.00'),
      word('additional:elsewhere', false, '999.00', { marketplaceId: 'n' }),
    ]);
    expect(coverage.coverage).toBe(0.75);
    expect(coverage.fields.map(({ field }) => field)).toEqual([
      'additional:colour',
      'additional:gift',
      'order.payment_type',
    ]);
  });

  it('weighs by orders where no money is known, and says nothing before it was counted', () => {
    expect(build([word('a', true, null), word('b', false, null, { orders: 30 })]).coverage).toBe(0.25);
    expect(build([])).toMatchObject({ asOf: null, coverage: null, fields: [] });
  });

  it('puts values of closed lists under their field', () => {
    const [field] = build([
      word('a', false, null),
      word('a', false, null, { value: 'RED', orders: 4 }),
    ]).fields;
    expect(field?.values).toEqual([expect.objectContaining({ value: 'RED', orders: 4 })]);
  });
});
