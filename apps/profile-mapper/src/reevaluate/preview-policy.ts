import { addMoney, fromWire, toWire, type WireMoney } from '@watertight/contracts';
import type { Queryable } from '@watertight/postgres';
import { readBuyers, type StoredBuyer } from '../buyer/buyers.store.ts';
import { notePeople } from '../contact/note-people.ts';
import { readOrders } from '../facts/facts.store.ts';
import type { StoredOrder } from '../facts/stored-order.ts';
import { buyersOf, mapOrder, recogniseBuyer } from '../map-order.ts';
import type { MappingRules } from '../map-batch.ts';
import { listHeldOrders } from './reevaluation.store.ts';

/** Held orders that a policy judges alike. */
export interface JudgedAlike {
  /** The word as it stands: `uncaptured contact.relay`. */
  readonly before: string;
  /** The word by the policy that is tried. */
  readonly after: string;
  /** Buyer events would leave for them. */
  readonly released: boolean;
  readonly orders: number;
  /** By currency; an order whose amount is not known is in none. */
  readonly money: readonly WireMoney[];
  /** Of these orders, those too old to fire a flow at Klaviyo. */
  readonly tooOldForFlows: number;
  readonly examples: readonly string[];
}

export interface PolicyPreview {
  readonly marketplaceId: string;
  readonly held: number;
  /** The largest group first, released ones before the others. */
  readonly groups: readonly JudgedAlike[];
}

interface JudgedOrder {
  readonly orderKey: string;
  readonly amount: WireMoney | null;
  readonly createdMs: number | null;
  readonly before: string;
  readonly after: string;
  readonly released: boolean;
}

const PAGE = 500;
const EXAMPLES_MAX = 5;

/**
 * What the held orders of a marketplace would become by another policy: judged by the mapper's own steps, from what is
 * stored, and nothing is written. An order that comes meanwhile may change it.
 */
export async function previewPolicy(
  database: Queryable,
  marketplaceId: string,
  rules: MappingRules,
  now: Date,
): Promise<PolicyPreview> {
  const judged: JudgedOrder[] = [];
  for (let after = ''; ;) {
    const keys = await listHeldOrders(database, marketplaceId, after, PAGE);
    const orders = await readOrders(database, keys);
    const ids = orders.flatMap((order) => buyersOf(order, recogniseBuyer(order, rules)));
    judged.push(...judgeHeld(orders, await readBuyers(database, ids), rules));
    const last = keys.at(-1);
    if (keys.length < PAGE || last === undefined) break;
    after = last;
  }
  const since = now.getTime() - rules.policy.klaviyo.backfillAfterMs;
  const groups = [...Map.groupBy(judged, ({ before, after }) => `${before} > ${after}`).values()];
  return {
    marketplaceId,
    held: judged.length,
    groups: groups
      .flatMap((alike) => groupOf(alike, since))
      .sort((one, other) => Number(other.released) - Number(one.released) || other.orders - one.orders),
  };
}

/** Values in, values out. */
export function judgeHeld(
  orders: readonly StoredOrder[],
  buyers: ReadonlyMap<string, StoredBuyer>,
  rules: MappingRules,
): readonly JudgedOrder[] {
  const seen = orders.map((order) => ({ order, recognised: recogniseBuyer(order, rules) }));
  const { isShared } = notePeople(seen, buyers, rules);
  const isErased = (buyerId: string): boolean => buyers.get(buyerId)?.erased === true;
  return seen.map(({ order, recognised }) => {
    const { word } = mapOrder(order, recognised, { ...rules, isErased, isShared });
    const before = inWords(order.memory.word);
    const after = inWords(word);
    return {
      orderKey: order.orderKey,
      amount: order.fact?.amount ?? null,
      createdMs: order.fact === null ? null : Date.parse(order.fact.createdAt),
      before,
      after,
      released: word?.outcome === 'mapped' && before !== after,
    };
  });
}

function inWords(word: { readonly outcome: string; readonly reason: string | null } | null): string {
  return word === null ? 'nothing' : [word.outcome, ...(word.reason === null ? [] : [word.reason])].join(' ');
}

function groupOf(alike: readonly JudgedOrder[], since: number): readonly JudgedAlike[] {
  const [first] = alike;
  if (first === undefined) return [];
  const amounts = alike.flatMap(({ amount }) => (amount === null ? [] : [fromWire(amount)]));
  const byCurrency = [...Map.groupBy(amounts, ({ currency }) => currency).values()];
  return [
    {
      before: first.before,
      after: first.after,
      released: first.released,
      orders: alike.length,
      money: byCurrency.flatMap(([one, ...others]) =>
        one === undefined ? [] : [toWire(addMoney(one, ...others))],
      ),
      tooOldForFlows: alike.filter(({ createdMs }) => createdMs !== null && createdMs < since).length,
      examples: alike.slice(0, EXAMPLES_MAX).map(({ orderKey }) => orderKey),
    },
  ];
}
