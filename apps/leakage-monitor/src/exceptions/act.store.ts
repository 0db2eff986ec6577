import type { Queryable } from '@watertight/postgres';
import type { CaseSelection } from './choose-cases.ts';

/** What people do to exceptions, as changes of rows. Each statement takes rows in the order of their ids. */

export interface SelectedCase {
  readonly id: string;
  readonly about: string;
  readonly reason: string;
  readonly marketplace_id: string | null;
  readonly order_key: string | null;
  readonly stage: string | null;
  readonly state: string;
  readonly resolved_by: string | null;
  readonly amount_minor: string | null;
  readonly currency: string | null;
  readonly orders: number;
  readonly occurrences: number;
  readonly replays: number;
  readonly replayed_at: Date | null;
  readonly since: Date;
}

const COLUMNS = `c.id, c.about, c.reason, c.marketplace_id, c.order_key, c.stage, c.state, c.resolved_by,
  c.amount_minor::text, c.currency, c.orders::int, c.occurrences, c.replays, c.replayed_at, c.since`;

/** Locks what is selected, at most `limit` of it, the first due first. */
export async function lockSelected(
  target: Queryable,
  { where, parameters }: CaseSelection,
  limit: number,
): Promise<SelectedCase[]> {
  return target.query<SelectedCase>(
    `select ${COLUMNS} from exception_case c
     where c.id in (
       select c.id from exception_case c where ${where}
       order by coalesce(c.due_at, 'infinity'::timestamptz), c.id limit ${limit}
     )
     order by c.id for update`,
    parameters,
  );
}

/** How the columns change; what is left out stays. */
export interface CaseChange {
  readonly state: 'open' | 'assigned' | 'accepted' | 'snoozed' | 'resolved' | 'by assignee';
  readonly assignee?: string | null;
  readonly acceptedWhy?: string | null;
  readonly snoozedUntil?: string | null;
  readonly resolvedAt?: string | null;
  readonly resolvedBy?: string | null;
}

export interface CaseEvent {
  readonly actor: string;
  readonly at: Date;
  readonly what: string;
  readonly why: string | null;
}

/** Changes the given exceptions and notes it in the history of each. */
export async function changeCases(
  target: Queryable,
  ids: readonly string[],
  change: CaseChange,
  event: CaseEvent,
): Promise<void> {
  const parameters: unknown[] = [ids, event.at.toISOString(), event.actor, event.what, event.why];
  const sets: string[] = [];
  const set = (column: string, type: string, value: string | null | undefined) => {
    if (value === undefined) return;
    parameters.push(value);
    sets.push(`${column} = $${parameters.length}::${type}`);
  };
  if (change.state !== 'by assignee') set('state', 'text', change.state);
  set('assignee', 'text', change.assignee);
  set('accepted_why', 'text', change.acceptedWhy);
  set('snoozed_until', 'timestamptz', change.snoozedUntil);
  set('resolved_at', 'timestamptz', change.resolvedAt);
  set('resolved_by', 'text', change.resolvedBy);
  if (change.state === 'by assignee') {
    const assignee =
      change.assignee === undefined ? 'assignee' : `$${parameters.indexOf(change.assignee) + 1}`;
    sets.push(`state = case when ${assignee}::text is null then 'open' else 'assigned' end`);
  }
  await target.execute(
    `with changed as (
       update exception_case set ${sets.join(', ')} where id = any($1::text[]) returning id
     )
     insert into exception_event (exception_id, at, actor, what, why)
     select id, $2::timestamptz, $3, $4, $5 from changed order by id`,
    parameters,
  );
}

/** Notes that the failed step of each was asked to run again. */
export async function noteReplayed(
  target: Queryable,
  replayed: readonly { readonly id: string; readonly what: string }[],
  { actor, at, why }: Omit<CaseEvent, 'what'>,
): Promise<void> {
  await target.execute(
    `with told as (select * from json_to_recordset($1::json) as r (id text, what text)),
     changed as (
       update exception_case c set replays = c.replays + 1, replayed_at = $2::timestamptz, replayed_by = $3,
         replayed_what = told.what
       from told where c.id = told.id returning c.id
     )
     insert into exception_event (exception_id, at, actor, what, why)
     select id, $2::timestamptz, $3, 'replayed', $4 from changed order by id`,
    [JSON.stringify(replayed), at.toISOString(), actor, why],
  );
}

/** Brings back what was put aside until now. */
export async function wakeSnoozed(target: Queryable, now: Date): Promise<number> {
  return target.execute(
    `with woken as (
       update exception_case set snoozed_until = null,
         state = case when assignee is null then 'open' else 'assigned' end
       where id in (
         select id from exception_case where state = 'snoozed' and snoozed_until <= $1::timestamptz
         order by id limit 1000 for update skip locked
       )
       returning id
     )
     insert into exception_event (exception_id, at, actor, what)
     select id, $1::timestamptz, 'itself', 'woken' from woken order by id`,
    [now.toISOString()],
  );
}
