import { fromWire, type OrderFact } from '@watertight/contracts';

/** What finance needs of an order beside what the ledger keeps. */
export interface SalesAmount {
  readonly orderKey: string;
  readonly revision: number;
  readonly currency: string;
  /** Minor units; what was ordered before cancelations. Null: not known. */
  readonly orderedMinor: number | null;
  /** Minor units; as it is now, without tax. Null: Mirakl does not say. */
  readonly withoutTaxMinor: number | null;
}

/** Pure. An order of which nothing was cancelled was worth what it is worth. */
export function salesAmountOf(fact: OrderFact): SalesAmount {
  const ordered = fact.amountOrdered ?? fact.amount;
  return {
    orderKey: fact.orderKey,
    revision: fact.revision,
    currency: fact.currency,
    orderedMinor: ordered === null ? null : fromWire(ordered).minor,
    withoutTaxMinor: fact.amountWithoutTax === null ? null : fromWire(fact.amountWithoutTax).minor,
  };
}

/** Of one order the highest revision. Pure. */
export function newestAmounts(amounts: readonly SalesAmount[]): SalesAmount[] {
  const newest = new Map<string, SalesAmount>();
  for (const amount of amounts) {
    const known = newest.get(amount.orderKey);
    if (known === undefined || known.revision < amount.revision) newest.set(amount.orderKey, amount);
  }
  return [...newest.values()];
}
