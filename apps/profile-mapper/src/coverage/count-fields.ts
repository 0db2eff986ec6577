import type { OrderFact } from '@watertight/contracts';
import { type AttributeMapping, listFields } from '@watertight/marketplaces';
import { type Rates, toReporting, readMoney } from '../money/reporting.ts';

/** How many orders of a batch carried a field, or a value of a closed list; an empty value is about the field. */
export interface FieldCount {
  readonly marketplaceId: string;
  readonly field: string;
  readonly value: string;
  readonly orders: number;
  /** Of them, orders whose value is not of the type that the mapping asks for. */
  readonly notConvertible: number;
  /** Of these orders, in minor units of the reporting currency; what has no rate is left out. */
  readonly moneyMinor: number;
  /** Masked. */
  readonly example: string;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
}

/** Stands for every order of the marketplace, whatever it carries. */
export const ANY_FIELD = '*';

export interface OrderToCount {
  readonly fact: OrderFact;
  readonly notConvertible: readonly AttributeMapping[];
}

interface Counter {
  orders: number;
  notConvertible: number;
  moneyMinor: number;
  example: string;
  firstSeenMs: number;
  lastSeenMs: number;
}

/** Counters by value, by field, by marketplace: this runs for every line of every order, so it builds no keys. */
type Counters = Map<string, Map<string, Map<string, Counter>>>;

/** Counts what these orders carry; each order is to be counted once, when it is first seen. */
export function countFields(orders: readonly OrderToCount[], rates: Rates): readonly FieldCount[] {
  const counters: Counters = new Map();
  for (const { fact, notConvertible } of orders) {
    const amount = readMoney(fact.amount);
    const moneyMinor = amount === null ? 0 : (toReporting(amount, rates)?.minor ?? 0);
    const createdMs = Date.parse(fact.createdAt);
    const fields = entryOf(counters, fact.marketplaceId);
    const add = (field: string, value: string, example: () => string): void => {
      const values = entryOf(fields, field);
      const counter = values.get(value) ?? newCounter(example(), createdMs);
      counter.orders += 1;
      counter.moneyMinor += moneyMinor;
      counter.firstSeenMs = Math.min(counter.firstSeenMs, createdMs);
      counter.lastSeenMs = Math.max(counter.lastSeenMs, createdMs);
      if (value === '' && notConvertible.some(({ from }) => from === field)) counter.notConvertible += 1;
      values.set(value, counter);
    };
    add(ANY_FIELD, '', () => '');
    for (const { field, values, example } of listFields(fact)) {
      add(field, '', example);
      for (const value of values) add(field, value, example);
    }
  }
  return [...counters].flatMap(([marketplaceId, fields]) =>
    [...fields].flatMap(([field, values]) =>
      [...values].map(([value, { firstSeenMs, lastSeenMs, ...counter }]) => ({
        marketplaceId,
        field,
        value,
        ...counter,
        firstSeenAt: new Date(firstSeenMs).toISOString(),
        lastSeenAt: new Date(lastSeenMs).toISOString(),
      })),
    ),
  );
}

function entryOf<V>(map: Map<string, Map<string, V>>, key: string): Map<string, V> {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = new Map<string, V>();
  map.set(key, created);
  return created;
}

function newCounter(example: string, atMs: number): Counter {
  return { orders: 0, notConvertible: 0, moneyMinor: 0, example, firstSeenMs: atMs, lastSeenMs: atMs };
}
