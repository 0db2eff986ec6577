import type { FactOutcome, Money } from '@watertight/contracts';
import type { Queryable } from '@watertight/postgres';
import type { ChangedOrder } from '../ledger/change-orders.ts';
import { placeOrder } from '../ledger/place-order.ts';
import { type Cause, exceptionIdOf } from './cause.ts';
import { causesOfOrder } from './causes-of-order.ts';
import { notePassed, openAmong, raiseCauses, resolveGone } from './raise.store.ts';

/**
 * Brings the exceptions of changed orders to where their orders are, in the transaction that folds them and while
 * their rows are locked: ledger and desk never disagree. What becomes an exception only when it lasts is left to the
 * timer; once it is one it is brought up to date here, and what is over is resolved here, whoever raised it.
 */
export async function raiseFromOrders(
  target: Queryable,
  orders: readonly ChangedOrder[],
  now: Date,
): Promise<void> {
  const raised: Cause[] = [];
  const lasting: Cause[] = [];
  const gone: string[] = [];
  for (const { orderKey, before, said, place } of orders) {
    const holding = causesOfOrder(orderKey, said, place);
    const ids = new Set(holding.map(exceptionIdOf));
    raised.push(...holding.filter(({ raising }) => raising === 'at_once'));
    lasting.push(...holding.filter(({ raising }) => raising === 'when_late'));
    const held = causesOfOrder(orderKey, before, placeOrder(orderKey, before)).map(exceptionIdOf);
    gone.push(...held.filter((id) => !ids.has(id)));
  }
  const open = await openAmong(target, lasting.map(exceptionIdOf));
  const known = lasting.filter((cause) => open.has(exceptionIdOf(cause)));
  await raiseCauses(target, [...raised, ...known], now);
  await resolveGone(target, gone, now);
}

/**
 * Changes that the fast loop had passed over and the sweep found: captured by now, and worth knowing. The order itself
 * comes on another topic and may not be here yet; the sweep has shown it before it said this, with its amount.
 */
export async function noteMissed(
  target: Queryable,
  outcomes: readonly FactOutcome[],
  now: Date,
): Promise<void> {
  if (outcomes.length === 0) return;
  const amounts = await amountsShown(
    target,
    outcomes.flatMap(({ orderKey }) => orderKey ?? []),
  );
  const missed = outcomes.flatMap((outcome): Cause[] => {
    const { orderKey, marketplaceId, reason, detail, at } = outcome;
    if (reason !== 'source.missed_by_poll' || orderKey === null) return [];
    return [
      {
        about: orderKey,
        reason,
        origin: 'notice',
        marketplaceId,
        orderKey,
        bucket: null,
        stage: 'ingest',
        detail,
        amount: amounts.get(orderKey) ?? null,
        orders: 1,
        since: new Date(at).toISOString(),
      },
    ];
  });
  await notePassed(target, missed, now);
}

/** By order key what Mirakl last showed the order to be worth; unknown amounts are left out. */
async function amountsShown(
  target: Queryable,
  orderKeys: readonly string[],
): Promise<ReadonlyMap<string, Money>> {
  const rows = await target.query<{ order_key: string; minor: string; currency: string }>(
    `select order_key, source_minor as minor, source_currency as currency from ledger_order
     where order_key = any($1::text[]) and source_minor is not null and source_currency is not null`,
    [orderKeys],
  );
  return new Map(
    rows.map(({ order_key: orderKey, minor, currency }) => [orderKey, { minor: Number(minor), currency }]),
  );
}
