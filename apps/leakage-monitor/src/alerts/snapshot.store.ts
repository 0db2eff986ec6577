import type { DeliveryState, OwnerRole } from '@watertight/contracts';
import type { Database } from '@watertight/postgres';
import type { AlertSnapshot, OverdueSum, RiskSum } from './alert-snapshot.ts';

/** Words of a replica older than this say nothing about now. */
const FRESH_MINUTES = 3;

/** Reads what the alert rules need from the ledger. */
export class SnapshotStore {
  constructor(private readonly database: Database) {}

  /** Orders of the last 30 days that are failed, or in flight for more than an hour, beside all of them. */
  async risks(now: Date): Promise<RiskSum[]> {
    return this.database.query<RiskSum>(
      `select marketplace_id as "marketplaceId", currency,
              coalesce(sum(amount_minor), 0)::float8 as "totalMinor",
              coalesce(sum(amount_minor) filter (where at_risk), 0)::float8 as "riskMinor",
              (count(*) filter (where at_risk))::integer as "riskOrders"
       from (
         select marketplace_id, currency, amount_minor,
                bucket = 'failed' or (bucket = 'in_flight' and since < $1::timestamptz - interval '1 hour') as at_risk
         from ledger_order
         where created_at > $1::timestamptz - interval '30 days' and bucket is not null and bucket <> 'not_a_sale'
           and currency is not null
       ) as recent group by 1, 2 having count(*) filter (where at_risk) > 0`,
      [now.toISOString()],
    );
  }

  async overdue(now: Date): Promise<OverdueSum[]> {
    const rows = await this.database.query<
      Omit<OverdueSum, 'oldestDueAt' | 'owner'> & { owner: OwnerRole; oldestDueAt: Date }
    >(
      `select marketplace_id as "marketplaceId", owner, count(*)::integer as overdue, min(due_at) as "oldestDueAt"
       from exception_case where state in ('open', 'assigned') and due_at < $1 group by 1, 2 order by 1, 2`,
      [now.toISOString()],
    );
    return rows.map((row) => ({ ...row, oldestDueAt: row.oldestDueAt.toISOString() }));
  }

  async quota(now: Date): Promise<AlertSnapshot['quota']> {
    const rows = await this.database.query<{ subject: string; body: DeliveryState }>(
      `select subject, body from stage_word
       where kind = 'delivery_state' and at > $1::timestamptz - interval '${FRESH_MINUTES} minutes'`,
      [now.toISOString()],
    );
    return rows.flatMap(({ subject, body }) =>
      body.windows.map(({ route, windowSeconds, used, limit }) => ({
        replica: subject,
        route,
        windowSeconds,
        used,
        limit,
      })),
    );
  }
}
