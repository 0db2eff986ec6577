import type { Database } from '@watertight/postgres';

export interface BudgetLimits {
  /** New profiles on one day (UTC); null: no limit. */
  readonly perDay: number | null;
  readonly perMonth: number | null;
}

/** Any number; one lane at a time counts. */
const LOCK = 7_120_405;

/** Buyers who became profiles through us, where their number is limited. */
export class ProfileBudgetStore {
  constructor(private readonly database: Database) {}

  /** Those of the buyers who were sent before, or were admitted as new before: they cost nothing more. */
  async knownAmong(buyerIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.database.query<{ buyer_id: string }>(
      `select buyer_id from profile_sent where buyer_id = any($1::text[])
       union select buyer_id from new_profile where buyer_id = any($1::text[])`,
      [buyerIds],
    );
    return new Set(rows.map(({ buyer_id }) => buyer_id));
  }

  /** Admits as many of the buyers as new profiles as the limits leave room for, first come first served. */
  async admit(
    buyerIds: readonly string[],
    { perDay, perMonth }: BudgetLimits,
    now: Date,
  ): Promise<ReadonlySet<string>> {
    return this.database.transaction(async (transaction) => {
      await transaction.execute('select pg_advisory_xact_lock($1)', [LOCK]);
      const [used] = await transaction.query<{ today: number; this_month: number }>(
        `select count(*) filter (where made_on = ($1::timestamptz at time zone 'UTC')::date)::int as today,
           count(*)::int as this_month
         from new_profile where made_on >= date_trunc('month', $1::timestamptz at time zone 'UTC')::date`,
        [now],
      );
      const room = Math.min(
        (perDay ?? Infinity) - (used?.today ?? 0),
        (perMonth ?? Infinity) - (used?.this_month ?? 0),
      );
      const admitted = buyerIds.slice(0, Math.max(0, Math.min(room, buyerIds.length)));
      await transaction.execute(
        `insert into new_profile (buyer_id, made_on)
         select unnest($1::text[]), ($2::timestamptz at time zone 'UTC')::date on conflict do nothing`,
        [admitted, now],
      );
      return new Set(admitted);
    });
  }
}
