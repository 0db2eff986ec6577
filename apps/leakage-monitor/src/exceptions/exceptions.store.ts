import type { Database } from '@watertight/postgres';
import { AGE_DAYS, type CaseSelection, daysBefore } from './choose-cases.ts';
import { AGE_COLUMNS } from './exceptions.api.ts';

export interface CaseRow {
  readonly id: string;
  readonly about: string;
  readonly reason: string;
  readonly origin: string;
  readonly marketplace_id: string | null;
  readonly order_key: string | null;
  readonly bucket: string | null;
  readonly stage: string | null;
  readonly owner: string;
  readonly state: string;
  readonly detail: string | null;
  readonly amount_minor: string | null;
  readonly currency: string | null;
  readonly since: Date;
  readonly opened_at: Date;
  readonly due_at: Date | null;
  readonly assignee: string | null;
  readonly accepted_why: string | null;
  readonly snoozed_until: Date | null;
  readonly resolved_at: Date | null;
  readonly resolved_by: string | null;
  readonly occurrences: number;
  readonly replays: number;
  readonly replayed_at: Date | null;
  readonly replayed_by: string | null;
  readonly replayed_what: string | null;
  /** In how many of the last four weeks its reason came up at its marketplace. */
  readonly weeks: number;
}

export interface GroupRow {
  readonly reason: string;
  readonly marketplace_id: string | null;
  readonly bucket: string | null;
  readonly currency: string | null;
  readonly exceptions: number;
  readonly orders: number;
  readonly minor: string;
  readonly unknown_money: number;
  readonly overdue: number;
  readonly unassigned: number;
  readonly reopened: number;
  readonly due_at: Date | null;
  readonly oldest: Date;
  readonly detail: string | null;
  readonly weeks: number;
}

export interface AgingRow {
  readonly owner: string;
  readonly reason: string;
  readonly age: string;
  readonly currency: string | null;
  readonly exceptions: number;
  readonly orders: number;
  readonly minor: string;
  readonly unknown_money: number;
}

export interface EventRow {
  readonly at: Date;
  readonly actor: string;
  readonly what: string;
  readonly why: string | null;
}

export interface CaseCursor {
  /** ISO 8601, or `infinity`. */
  readonly due: string;
  readonly id: string;
}

const COLUMNS = `c.id, c.about, c.reason, c.origin, c.marketplace_id, c.order_key, c.bucket, c.stage, c.owner, c.state,
  c.detail, c.amount_minor::text, c.currency, c.since, c.opened_at, c.due_at, c.assignee, c.accepted_why,
  c.snoozed_until, c.resolved_at, c.resolved_by, c.occurrences, c.replays, c.replayed_at, c.replayed_by,
  c.replayed_what`;

const WEEKS = (now: string) => `(
  select count(*)::int from exception_week w
  where w.reason = c.reason and w.marketplace_id = coalesce(c.marketplace_id, '')
    and w.week > (date_trunc('week', ${now}::timestamptz at time zone 'UTC') - interval '4 weeks')::date)`;

const DUE = `coalesce(c.due_at, 'infinity'::timestamptz)`;
const HISTORY_MAX = 200;

const SUMS = `count(*)::int as exceptions, sum(c.orders)::int as orders,
  coalesce(sum(c.amount_minor), 0)::text as minor,
  coalesce(sum(c.orders) filter (where c.amount_minor is null), 0)::int as unknown_money`;

/** Reads the exceptions desk. */
export class ExceptionsStore {
  constructor(private readonly database: Database) {}

  /** The first due first. */
  async list(
    selection: CaseSelection,
    after: CaseCursor | undefined,
    limit: number,
    now: Date,
  ): Promise<CaseRow[]> {
    const parameters = [...selection.parameters, now.toISOString()];
    const nowAt = `$${parameters.length}`;
    const conditions = [selection.where];
    if (after !== undefined) {
      parameters.push(after.due, after.id);
      conditions.push(
        `(${DUE}, c.id) > ($${parameters.length - 1}::timestamptz, $${parameters.length}::text)`,
      );
    }
    return this.database.query<CaseRow>(
      `select ${COLUMNS}, ${WEEKS(nowAt)} as weeks from exception_case c
       where ${conditions.join(' and ')} order by ${DUE}, c.id limit ${limit}`,
      parameters,
    );
  }

  async find(id: string, now: Date): Promise<CaseRow | undefined> {
    const [row] = await this.database.query<CaseRow>(
      `select ${COLUMNS}, ${WEEKS('$2')} as weeks from exception_case c where c.id = $1`,
      [id, now.toISOString()],
    );
    return row;
  }

  /** Of one order, the newest first. */
  async ofOrder(orderKey: string): Promise<{ id: string; reason: string; state: string }[]> {
    return this.database.query(
      `select id, reason, state from exception_case where order_key = $1 order by opened_at desc, id`,
      [orderKey],
    );
  }

  /** The last thing that happened at the desk; null before the first. Everything that happens there has a row. */
  async newestEvent(): Promise<string | null> {
    const [row] = await this.database.query<{ id: string | null }>(
      `select max(event_id)::text as id from exception_event`,
    );
    return row?.id ?? null;
  }

  async history(id: string): Promise<EventRow[]> {
    return this.database.query<EventRow>(
      `select at, actor, what, why from exception_event where exception_id = $1
       order by event_id desc limit ${HISTORY_MAX}`,
      [id],
    );
  }

  async groups(selection: CaseSelection, now: Date): Promise<GroupRow[]> {
    const nowAt = `$${selection.parameters.length + 1}`;
    return this.database.query<GroupRow>(
      `select c.reason, c.marketplace_id, min(c.bucket) as bucket, c.currency, ${SUMS},
              (count(*) filter (where c.due_at < ${nowAt}::timestamptz))::int as overdue,
              (count(*) filter (where c.assignee is null))::int as unassigned,
              (count(*) filter (where c.occurrences > 1))::int as reopened,
              min(c.due_at) as due_at, min(c.since) as oldest,
              case when count(*) = 1 then min(c.detail) end as detail, ${WEEKS(nowAt)} as weeks
       from exception_case c where ${selection.where}
       group by c.reason, c.marketplace_id, c.currency`,
      [...selection.parameters, now.toISOString()],
    );
  }

  async aging(selection: CaseSelection, now: Date): Promise<AgingRow[]> {
    const parameters = [...selection.parameters];
    const branches = AGE_COLUMNS.slice(0, -1).map((age) => {
      parameters.push(daysBefore(now, AGE_DAYS[age][1]));
      return `when c.since > $${parameters.length}::timestamptz then '${age}'`;
    });
    return this.database.query<AgingRow>(
      `select c.owner, c.reason, case ${branches.join(' ')} else 'over_30d' end as age, c.currency, ${SUMS}
       from exception_case c where ${selection.where} group by 1, 2, 3, 4`,
      parameters,
    );
  }
}
