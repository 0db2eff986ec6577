import type { Queryable } from '@watertight/postgres';
import { reasonWords } from '../ledger/reason-words.ts';
import { type Cause, dueAtOf, exceptionIdOf, type Origin, urgencyOf } from './cause.ts';

/** Who did what happened without a person. */
export const ITSELF = 'itself';

/**
 * Raises what is not raised yet, opens again what had been resolved, and brings the others up to date. Idempotent: the
 * same causes again change nothing. What a person resolved stays resolved until something newer is said of its cause, and a notice is news once.
 * All in one statement; rows are taken in the order of their ids.
 */
export async function raiseCauses(target: Queryable, causes: readonly Cause[], now: Date): Promise<void> {
  if (causes.length === 0) return;
  await target.execute(RAISE, [JSON.stringify(onePerId(causes)), now.toISOString(), ITSELF]);
}

/** Those of the ids whose exceptions are not resolved. */
export async function openAmong(target: Queryable, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await target.query<{ id: string }>(
    `select id from exception_case where id = any($1::text[]) and state <> 'resolved'`,
    [ids],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Resolves the given exceptions, because their cause is gone. Those that are not there or resolved stay as they are. */
export async function resolveGone(target: Queryable, ids: readonly string[], now: Date): Promise<void> {
  if (ids.length === 0) return;
  await target.execute(RESOLVE, [[...ids].sort(), now.toISOString(), ITSELF]);
}

/** Resolves all exceptions of an origin but those of the given causes. */
export async function resolveOthers(
  target: Queryable,
  origin: Origin,
  holding: readonly Cause[],
  now: Date,
): Promise<void> {
  const rows = await target.query<{ id: string }>(
    `select id from exception_case where origin = $1 and state <> 'resolved' and id <> all($2::text[])`,
    [origin, holding.map(exceptionIdOf)],
  );
  await resolveGone(
    target,
    rows.map(({ id }) => id),
    now,
  );
}

/** Notes of something that went by: raised and over at once, so that it is seen when it keeps coming back. */
export async function notePassed(target: Queryable, causes: readonly Cause[], now: Date): Promise<void> {
  await raiseCauses(target, causes, now);
  await resolveGone(target, causes.map(exceptionIdOf), now);
}

function onePerId(causes: readonly Cause[]): unknown[] {
  const rows = new Map(causes.map((cause) => [exceptionIdOf(cause), rowOf(cause)]));
  return [...rows.values()];
}

function rowOf(cause: Cause): unknown {
  return {
    id: exceptionIdOf(cause),
    about: cause.about,
    reason: cause.reason,
    origin: cause.origin,
    marketplace_id: cause.marketplaceId,
    order_key: cause.orderKey,
    bucket: cause.bucket,
    stage: cause.stage,
    owner: reasonWords(cause.reason).owner,
    urgency: urgencyOf(cause.reason),
    detail: cause.detail,
    amount_minor: cause.amount?.minor ?? null,
    currency: cause.amount?.currency ?? null,
    orders: cause.orders,
    since: cause.since,
    due_at: dueAtOf(cause.reason, cause.since),
  };
}

/** Columns that a cause that is told again brings up to date. */
const CURRENT = ['bucket', 'stage', 'owner', 'urgency', 'detail', 'amount_minor', 'currency', 'orders'];

const RAISE = `
  with told as (
    select * from json_to_recordset($1::json) as r (id text, about text, reason text, origin text,
      marketplace_id text, order_key text, bucket text, stage text, owner text, urgency smallint, detail text,
      amount_minor bigint, currency text, orders bigint, since timestamptz, due_at timestamptz)
  ),
  before as (select c.id, c.state from exception_case c join told using (id)),
  written as (
    insert into exception_case as t (id, about, reason, origin, marketplace_id, order_key, bucket, stage, owner,
      urgency, state, detail, amount_minor, currency, orders, since, opened_at, due_at)
    select id, about, reason, origin, marketplace_id, order_key, bucket, stage, owner, urgency, 'open', detail,
      amount_minor, currency, orders, since, $2::timestamptz, due_at
    from told order by id
    on conflict (id) do update set
      state = case when t.state <> 'resolved' then t.state when t.assignee is null then 'open' else 'assigned' end,
      occurrences = t.occurrences + case when t.state = 'resolved' then 1 else 0 end,
      opened_at = case when t.state = 'resolved' then excluded.opened_at else t.opened_at end,
      since = case when t.state = 'resolved' then excluded.since else least(t.since, excluded.since) end,
      due_at = case when t.state = 'resolved' then excluded.due_at else least(t.due_at, excluded.due_at) end,
      replays = case when t.state = 'resolved' then 0 else t.replays end,
      resolved_at = null,
      resolved_by = null,
      ${CURRENT.map((column) => `${column} = excluded.${column}`).join(', ')}
    where case when t.origin = 'notice' and excluded.since <= t.since then false
          when t.state = 'resolved' then t.resolved_by = $3 or excluded.since > t.resolved_at
          else (${CURRENT.map((column) => `t.${column}`).join(', ')})
            is distinct from (${CURRENT.map((column) => `excluded.${column}`).join(', ')})
            or excluded.since < t.since end
    returning id, reason, marketplace_id
  ),
  opened as (
    select w.id, w.reason, w.marketplace_id, b.id is null as is_new
    from written w left join before b using (id)
    where b.id is null or b.state = 'resolved'
  ),
  events as (
    insert into exception_event (exception_id, at, actor, what)
    select id, $2::timestamptz, $3, case when is_new then 'raised' else 'reopened' end from opened order by id
  )
  insert into exception_week (reason, marketplace_id, week)
  select distinct reason, coalesce(marketplace_id, ''), date_trunc('week', $2::timestamptz at time zone 'UTC')::date
  from opened order by 1, 2
  on conflict do nothing`;

const RESOLVE = `
  with gone as (
    select id from exception_case where id = any($1::text[]) and state <> 'resolved' order by id for update
  ),
  written as (
    update exception_case t set state = 'resolved', resolved_at = $2::timestamptz, resolved_by = $3,
      snoozed_until = null, accepted_why = null
    from gone where t.id = gone.id
    returning t.id
  )
  insert into exception_event (exception_id, at, actor, what)
  select id, $2::timestamptz, $3, 'resolved' from written order by id`;
