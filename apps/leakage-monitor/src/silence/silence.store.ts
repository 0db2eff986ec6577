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
      // Marketplace by marketplace, from their index alone. An order that Mirakl shows counts, captured or not.
      `select m.marketplace_id, own.hour, own.orders, own.last
       from source_state m
       cross join lateral (
         select date_trunc('hour', created_at) as hour, count(*)::integer as orders, max(created_at) as last
         from ledger_order
         where marketplace_id = m.marketplace_id
           and created_at > $1::timestamptz - interval '${HISTORY_DAYS} days' and created_at <= $1::timestamptz
         group by 1
       ) as own
       order by 1, 2`,
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
