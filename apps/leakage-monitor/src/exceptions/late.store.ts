import { REASON_CODES, reasonOf } from '@watertight/contracts';
import type { Queryable } from '@watertight/postgres';
import { placeOrder } from '../ledger/place-order.ts';
import type { Said } from '../ledger/said.ts';
import { type Cause, exceptionIdOf, lateAfterMs, raisingOf } from './cause.ts';
import { causesOfOrder, type OrderCause } from './causes-of-order.ts';
import { raiseCauses, resolveGone } from './raise.store.ts';

const BATCH = 500;

interface Row {
  readonly order_key: string;
  readonly said: Said | null;
}

/**
 * Raises what has lasted too long by now: orders under way that stay, and orders that Mirakl shows apart from what was
 * captured. The orders are locked while they are judged, so the fold cannot change them in between. Returns what holds.
 */
export async function raiseLate(target: Queryable, now: Date): Promise<Cause[]> {
  const rows = await target.query<Row>(LATE_ORDERS, [JSON.stringify(lateReasons(now)), BATCH]);
  const late = rows.flatMap(({ order_key: orderKey, said }) =>
    said === null ? [] : causesOfOrder(orderKey, said, placeOrder(orderKey, said)).filter(isLate(now)),
  );
  await raiseCauses(target, late, now);
  return late;
}

function isLate(now: Date): (cause: OrderCause) => boolean {
  return ({ raising, reason, since }) =>
    raising === 'when_late' && now.getTime() - Date.parse(since) >= lateAfterMs(reason);
}

function lateReasons(now: Date): unknown[] {
  return REASON_CODES.filter((code) => raisingOf(code, reasonOf(code).bucket) === 'when_late').map(
    (reason) => ({ reason, before: new Date(now.getTime() - lateAfterMs(reason)).toISOString() }),
  );
}

const LATE_ORDERS = `
  select o.order_key, o.said from ledger_order o
  where o.order_key in (
    (select u.order_key
     from json_to_recordset($1::json) as r (reason text, before timestamptz)
     join ledger_order u on u.bucket = 'in_flight' and u.reason = r.reason and u.since <= r.before
     where not exists (select from exception_case c
                       where c.order_key = u.order_key and c.reason = u.reason and c.state <> 'resolved')
     order by u.since limit $2)
    union
    (select a.order_key from ledger_order a
     where a.in_source and (a.bucket is null or a.source_minor is distinct from a.amount_minor
       or a.source_currency is distinct from a.currency)
       and not exists (select from exception_case c
                       where c.order_key = a.order_key and c.reason in ('balance.not_captured', 'balance.amount_differs')
                         and c.state <> 'resolved')
     order by a.order_key limit $2)
  )
  order by o.order_key for update`;

/**
 * Brings the whole desk to where the ledger is, page by page: after a rebuild (rebuild/rebuild-ledger). `page` is
 * the order after which to go on; returns the next, or undefined at the end. Idempotent.
 */
export async function agreePage(target: Queryable, page: string, now: Date): Promise<string | undefined> {
  const rows = await target.query<Row>(
    `select order_key, said from ledger_order where order_key > $1 order by order_key limit ${BATCH} for update`,
    [page],
  );
  const holding = rows.flatMap(({ order_key: orderKey, said }) =>
    said === null ? [] : causesOfOrder(orderKey, said, placeOrder(orderKey, said)),
  );
  const ids = new Set(holding.map(exceptionIdOf));
  const open = await target.query<{ id: string }>(
    `select id from exception_case
     where order_key = any($1::text[]) and origin = 'ledger' and state <> 'resolved'`,
    [rows.map((row) => row.order_key)],
  );
  await raiseCauses(
    target,
    holding.filter((cause) => cause.raising === 'at_once' || isLate(now)(cause)),
    now,
  );
  await resolveGone(
    target,
    open.flatMap(({ id }) => (ids.has(id) ? [] : [id])),
    now,
  );
  return rows.length < BATCH ? undefined : rows.at(-1)?.order_key;
}
