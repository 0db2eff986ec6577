import { BUCKETS, Topics } from '@watertight/contracts';
import type { Database, Queryable } from '@watertight/postgres';
import type { BalanceWindow, LedgerSum } from '../ledger/balance.ts';
import type { Positions, SourceState } from '../reconcile/source-state.ts';
import { splitWindow } from './plan-windows.ts';

/** How the sources stand, and how far the ledger has been folded. */
export interface Sources {
  readonly states: ReadonlyMap<string, SourceState>;
  readonly folded: Positions;
}

interface SumRow {
  readonly marketplace_id: string;
  readonly kind: string;
  readonly reason: string;
  readonly currency: string;
  readonly orders: string;
  readonly minor: string;
  readonly unknown_money: string;
}

/** Reads what a balance is made of. */
export class BalanceStore {
  constructor(
    private readonly database: Database,
    /** The topic whose positions settle audits; another name only in tests. */
    private readonly ordersTopic: string = Topics.orders.name,
  ) {}

  async sources(): Promise<Sources> {
    return this.database.transaction(async (transaction) => {
      // States first: a position that is read later only covers more.
      const states = await transaction.query<{ marketplace_id: string; state: SourceState | null }>(
        `select marketplace_id, state from source_state`,
      );
      const positions = await transaction.query<{ partition: number; next_offset: string }>(
        `select partition, next_offset from folded_position where topic = $1`,
        [this.ordersTopic],
      );
      return {
        states: new Map(
          states.flatMap((row) => (row.state === null ? [] : [[row.marketplace_id, row.state]])),
        ),
        folded: Object.fromEntries(positions.map((row) => [String(row.partition), row.next_offset])),
      };
    });
  }

  /** Marketplaces that the ledger has orders of, configured or not. */
  async marketplaceIds(): Promise<string[]> {
    const rows = await this.database.query<{ marketplace_id: string }>(
      `select marketplace_id from balance_day union select marketplace_id from balance_delta`,
    );
    return rows.map((row) => row.marketplace_id).sort();
  }

  /** The sums of every window, in one statement and so of one instant. */
  async sums(windows: readonly BalanceWindow[]): Promise<LedgerSum[]> {
    const parts = windows.map(splitWindow);
    const edges = parts.flatMap(({ marketplaceId, edges: cuts }) =>
      cuts.map(({ from, to }) => [marketplaceId, from, to]),
    );
    const rows = await this.database.query<SumRow>(sumsSql(edges.length), [
      JSON.stringify(parts),
      ...edges.flat(),
    ]);
    return rows.flatMap(sumOf);
  }

  /** Per marketplace, bucket and reason, since when the longest-waiting order stands there. */
  async oldest(marketplaceIds: readonly string[], reasons: readonly ReasonKey[]): Promise<OldestRow[]> {
    return readOldest(this.database, marketplaceIds, reasons);
  }
}

/**
 * Whole days come from the sums, the parts of days at the edges from the orders. Each edge is a branch with parameters
 * of its own: the planner then sees how narrow its range is and takes the index. Joined to a list of edges it reads
 * the whole table instead, which at a million orders takes a second.
 */
function sumsSql(edgeCount: number): string {
  const edges = Array.from({ length: edgeCount }, (_, index) => edgeSql(2 + index * 3));
  return `
  with part as (
    select * from json_to_recordset($1::json) as p ("marketplaceId" text, "dayFrom" date, "dayTo" date)
  ),
  sum_row as (
    ${[daysSql('balance_day'), daysSql('balance_delta'), ...edges].join(' union all ')}
  )
  select marketplace_id, kind, reason, currency, sum(orders)::text as orders, sum(minor)::text as minor,
         sum(unknown_money)::text as unknown_money
  from sum_row group by 1, 2, 3, 4
  having sum(orders) <> 0 or sum(minor) <> 0
  order by 1, 2, 3, 4`;
}

function daysSql(table: 'balance_day' | 'balance_delta'): string {
  return `
    select d.marketplace_id, d.kind, d.reason, d.currency, d.orders, d.minor, d.unknown_money
    from part p
    join ${table} d on d.marketplace_id = p."marketplaceId" and d.day >= p."dayFrom" and d.day < p."dayTo"`;
}

/** Both sides of each order in the range: the bucket that it is in, and what Mirakl says of it. */
function edgeSql(parameter: number): string {
  const [marketplace, from, to] = [`$${parameter}`, `$${parameter + 1}`, `$${parameter + 2}`];
  return `
    select o.marketplace_id, side.kind, side.reason, side.currency, 1::bigint, coalesce(side.minor, 0),
           case when side.minor is null then 1::bigint else 0::bigint end
    from ledger_order o
    cross join lateral (values
      (o.bucket, coalesce(o.reason, ''), coalesce(o.currency, ''), o.amount_minor),
      (case when o.in_source then 'source' end, '', coalesce(o.source_currency, ''), o.source_minor)
    ) as side (kind, reason, currency, minor)
    where o.marketplace_id = ${marketplace}::text
      and o.created_at between ${from}::timestamptz and ${to}::timestamptz
      and side.kind is not null`;
}

function sumOf(row: SumRow): LedgerSum[] {
  const kind = row.kind === 'source' ? 'source' : BUCKETS.find((bucket) => bucket === row.kind);
  if (kind === undefined) return [];
  return [
    {
      marketplaceId: row.marketplace_id,
      kind,
      reason: row.reason,
      currency: row.currency,
      orders: Number(row.orders),
      minor: Number(row.minor),
      unknownMoney: Number(row.unknown_money),
    },
  ];
}

export interface ReasonKey {
  readonly bucket: string;
  readonly reason: string;
}

export interface OldestRow extends ReasonKey {
  readonly marketplaceId: string;
  readonly since: Date;
}

async function readOldest(
  target: Queryable,
  marketplaceIds: readonly string[],
  reasons: readonly ReasonKey[],
): Promise<OldestRow[]> {
  return target.query<OldestRow>(
    `select m.id as "marketplaceId", r.bucket, r.reason, found.since
     from unnest($1::text[]) as m (id)
     cross join json_to_recordset($2::json) as r (bucket text, reason text)
     cross join lateral (
       select o.since from ledger_order o
       where o.bucket = r.bucket and o.reason = r.reason and o.marketplace_id = m.id and o.bucket <> 'verified'
         and o.since is not null
       order by o.since limit 1
     ) as found`,
    [marketplaceIds, JSON.stringify(reasons)],
  );
}
