import type { Database } from '@watertight/postgres';
import type { OrderHistory } from './judge-silence.ts';

const HISTORY_DAYS = 28;

/** Reads how many orders each marketplace brought, hour by hour. */
export class SilenceStore {
  constructor(private readonly database: Database) {}

  /** By marketplace id, over the last four weeks. */
  async histories(now: Date): Promise<Map<string, OrderHistory>> {
    const rows = await this.database.query<{
      marketplace_id: string;
      hour: Date;
      orders: number;
      last: Date;
    }>(
      `select marketplace_id, date_trunc('hour', created_at) as hour, count(*)::integer as orders,
              max(created_at) as last
       from ledger_order
       where created_at > $1::timestamptz - interval '${HISTORY_DAYS} days' and created_at <= $1::timestamptz
         and bucket is not null
       group by 1, 2 order by 1, 2`,
      [now.toISOString()],
    );
    return new Map(
      [...Map.groupBy(rows, (row) => row.marketplace_id)].map(([id, own]) => [
        id,
        {
          lastOrderAt: own.at(-1)?.last.toISOString() ?? null,
          hours: new Map(own.map(({ hour, orders }) => [hour.toISOString(), orders])),
          since: own[0]?.hour.toISOString() ?? now.toISOString(),
        },
      ]),
    );
  }
}
