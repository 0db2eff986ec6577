import type { Database, Queryable } from '@watertight/postgres';
import type { Week } from '../trend/week.ts';
import type { Decision, Review } from './review.api.ts';

export interface SignatureRow {
  readonly week: string;
  readonly signedBy: string;
  readonly signedAt: Date;
  readonly note: string | null;
}

/** Exceptions of one reason at one marketplace, in and before a week. */
export interface ExceptionGroupRow {
  readonly reason: string;
  readonly marketplaceId: string | null;
  readonly resolved: number;
  readonly open: number;
  readonly overdue: number;
  /** Opened or opened again in each of the weeks asked for, oldest first. */
  readonly opened: readonly number[];
}

export interface OpenMoneyRow {
  readonly reason: string;
  readonly marketplaceId: string | null;
  readonly currency: string;
  readonly minor: number;
}

export interface NewDecision {
  readonly id: string;
  readonly week: string;
  readonly text: string;
  readonly owner: string;
  readonly reason: string | null;
  readonly marketplaceId: string | null;
  readonly dueOn: string | null;
  readonly takenBy: string;
  readonly takenAt: Date;
}

interface DecisionRow extends Omit<Decision, 'takenAt' | 'closedAt'> {
  readonly takenAt: Date;
  readonly closedAt: Date | null;
}

const DECISION = `id, week, text, owner, reason, marketplace_id as "marketplaceId",
  to_char(due_on, 'YYYY-MM-DD') as "dueOn", state, taken_by as "takenBy", taken_at as "takenAt",
  closed_by as "closedBy", closed_at as "closedAt", closing_note as "closingNote"`;

/** Reads and keeps what reviews are made of. */
export class ReviewStore {
  constructor(private readonly database: Database) {}

  transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  async signatures(weeks: readonly string[]): Promise<SignatureRow[]> {
    return this.database.query<SignatureRow>(
      `select week, signed_by as "signedBy", signed_at as "signedAt", note from review_signature
       where week = any($1::text[])`,
      [weeks],
    );
  }

  /** The figures that a week was signed with; undefined while it is not. */
  async signedFigures(week: string): Promise<Review | undefined> {
    const [row] = await this.database.query<{ figures: Review }>(
      `select figures from review_signature where week = $1`,
      [week],
    );
    return row?.figures;
  }

  /** False when it was signed already: the first signature stays. */
  async sign(
    target: Queryable,
    { week, signedBy, signedAt, note }: SignatureRow,
    figures: Review,
  ): Promise<boolean> {
    const written = await target.execute(
      `insert into review_signature (week, signed_by, signed_at, note, figures) values ($1, $2, $3, $4, $5)
       on conflict (week) do nothing`,
      [week, signedBy, signedAt.toISOString(), note, JSON.stringify(figures)],
    );
    return written === 1;
  }

  /** Taken in the week. */
  async decisionsOf(week: string): Promise<Decision[]> {
    const rows = await this.database.query<DecisionRow>(
      `select ${DECISION} from review_decision where week = $1 order by taken_at, id`,
      [week],
    );
    return rows.map(decisionOf);
  }

  /** Taken before the week, and open, or closed only after the week began. */
  async carriedOver({ week, from }: Week): Promise<Decision[]> {
    const rows = await this.database.query<DecisionRow>(
      `select ${DECISION} from review_decision
       where week < $1 and (state = 'open' or closed_at >= $2::timestamptz) order by taken_at, id`,
      [week, from],
    );
    return rows.map(decisionOf);
  }

  async openDecisions(weeks: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.database.query<{ week: string; open: number }>(
      `select week, count(*)::integer as open from review_decision
       where state = 'open' and week = any($1::text[]) group by week`,
      [weeks],
    );
    return new Map(rows.map(({ week, open }) => [week, open]));
  }

  async addDecision(target: Queryable, decision: NewDecision): Promise<void> {
    await target.execute(
      `insert into review_decision (id, week, text, owner, reason, marketplace_id, due_on, state, taken_by, taken_at)
       values ($1, $2, $3, $4, $5, $6, $7::date, 'open', $8, $9)`,
      [
        decision.id,
        decision.week,
        decision.text,
        decision.owner,
        decision.reason,
        decision.marketplaceId,
        decision.dueOn,
        decision.takenBy,
        decision.takenAt.toISOString(),
      ],
    );
  }

  /** False when there is no such decision. */
  async setState(
    target: Queryable,
    id: string,
    change: { readonly state: string; readonly by: string; readonly at: Date; readonly note: string | null },
  ): Promise<boolean> {
    const written = await target.execute(
      `update review_decision set state = $2,
         closed_by = case when $2 = 'open' then null else $3 end,
         closed_at = case when $2 = 'open' then null else $4::timestamptz end,
         closing_note = $5
       where id = $1`,
      [id, change.state, change.by, change.at.toISOString(), change.note],
    );
    return written === 1;
  }

  async decision(target: Queryable, id: string): Promise<Decision | undefined> {
    const [row] = await target.query<DecisionRow>(`select ${DECISION} from review_decision where id = $1`, [
      id,
    ]);
    return row === undefined ? undefined : decisionOf(row);
  }

  /** By reason and marketplace; the last of the weeks is the one reviewed. */
  async exceptions(weeks: readonly Week[], now: Date): Promise<ExceptionGroupRow[]> {
    const last = weeks.at(-1);
    if (last === undefined) return [];
    return this.database.query<ExceptionGroupRow>(EXCEPTIONS, [
      JSON.stringify(weeks.map(({ from, to }, index) => ({ place: index, from, to }))),
      last.from,
      last.to,
      now.toISOString(),
    ]);
  }

  /** Money of the exceptions that were open at the end of the week. */
  async openMoney({ to }: Week): Promise<OpenMoneyRow[]> {
    return this.database.query<OpenMoneyRow>(
      `select reason, marketplace_id as "marketplaceId", currency, sum(amount_minor)::float8 as minor
       from exception_case
       where opened_at <= $1::timestamptz and ${STILL_OPEN} and currency is not null and amount_minor is not null
       group by 1, 2, 3`,
      [to],
    );
  }

  /** Alerts that began in the week. */
  async alertsBegun({ from, to }: Week): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      `select count(*)::integer as count from alert where since between $1::timestamptz and $2::timestamptz`,
      [from, to],
    );
    return row?.count ?? 0;
  }
}

/** At the end of the week, `$1` in openMoney and `$3` in EXCEPTIONS: neither resolved by then nor accepted. */
const STILL_OPEN = `(resolved_at is null or resolved_at > $1::timestamptz) and state <> 'accepted'`;

const EXCEPTIONS = `
  with week as (
    select * from json_to_recordset($1::json) as w (place integer, "from" timestamptz, "to" timestamptz)
  ),
  news as (
    select c.reason, c.marketplace_id, w.place, count(*) as opened
    from week w
    join exception_event e on e.at between w."from" and w."to"
    join exception_case c on c.id = e.exception_id
    where e.what in ('raised', 'reopened')
    group by 1, 2, 3
  ),
  standing as (
    select reason, marketplace_id,
           count(*) filter (where resolved_at between $2::timestamptz and $3::timestamptz) as resolved,
           count(*) filter (where opened_at <= $3::timestamptz and is_open) as open,
           count(*) filter (where opened_at <= $3::timestamptz and is_open
             and due_at < least($3::timestamptz, $4::timestamptz)) as overdue
    from (
      select *, ${STILL_OPEN.replace('$1', '$3')} as is_open from exception_case
    ) as c group by 1, 2
  )
  select s.reason, s.marketplace_id as "marketplaceId", s.resolved::integer, s.open::integer, s.overdue::integer,
         array(select coalesce(n.opened, 0)::integer from week w left join news n
               on n.place = w.place and n.reason = s.reason and n.marketplace_id is not distinct from s.marketplace_id
               order by w.place) as opened
  from standing s
  where s.open > 0 or s.resolved > 0
     or exists (select from news n where n.reason = s.reason and n.marketplace_id is not distinct from s.marketplace_id
                and n.place = (select max(place) from week))
  order by 1, 2`;

function decisionOf({ takenAt, closedAt, ...row }: DecisionRow): Decision {
  return { ...row, takenAt: takenAt.toISOString(), closedAt: closedAt?.toISOString() ?? null };
}
