import { type FieldCoverage, fromWire } from '@watertight/contracts';
import type { CoverageField, MarketplaceCoverage } from './mapping.api.ts';

type Name = Pick<MarketplaceCoverage, 'marketplaceId' | 'name'>;

/**
 * How much of what a marketplace's orders carry is mapped. Pure. Each field weighs as much as the money of the orders
 * that carry it; where no field has money, as much as their number. Null before anything was counted.
 */
export function buildCoverage(marketplace: Name, words: readonly FieldCoverage[]): MarketplaceCoverage {
  const own = words.filter(({ marketplaceId }) => marketplaceId === marketplace.marketplaceId);
  const fields = own.filter(({ value }) => value === null).map((word) => fieldOf(word, own));
  const newest =
    own
      .map(({ at }) => at)
      .sort()
      .at(-1) ?? null;
  return {
    ...marketplace,
    asOf: newest,
    coverage: shareOf(fields),
    fields: fields.sort(
      (one, other) =>
        Number(one.mapped) - Number(other.mapped) ||
        minorOf(other) - minorOf(one) ||
        other.orders - one.orders ||
        (one.field < other.field ? -1 : 1),
    ),
  };
}

function shareOf(fields: readonly CoverageField[]): number | null {
  const hasMoney = fields.some((field) => minorOf(field) > 0);
  const weight = (field: CoverageField) => (hasMoney ? minorOf(field) : field.orders);
  const total = fields.reduce((sum, field) => sum + weight(field), 0);
  if (total === 0) return null;
  return fields.reduce((sum, field) => sum + (field.mapped ? weight(field) : 0), 0) / total;
}

function fieldOf(word: FieldCoverage, words: readonly FieldCoverage[]): CoverageField {
  const { field, mapped, orders, money, example, firstSeenAt, lastSeenAt } = word;
  return {
    field,
    mapped,
    orders,
    money,
    example,
    firstSeenAt,
    lastSeenAt,
    values: words.flatMap((one) =>
      one.field === field && one.value !== null
        ? [
            {
              value: one.value,
              mapped: one.mapped,
              orders: one.orders,
              money: one.money,
              lastSeenAt: one.lastSeenAt,
            },
          ]
        : [],
    ),
  };
}

function minorOf({ money }: Pick<CoverageField, 'money'>): number {
  return money === null ? 0 : fromWire(money).minor;
}
