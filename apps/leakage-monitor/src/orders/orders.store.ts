import type { Database } from '@watertight/postgres';
import type { Said } from '../ledger/said.ts';
import type { TimelineEntry } from '../ledger/timeline.ts';
import type { OrderCursor } from './order-cursor.ts';

export interface OrderRecord {
  readonly order_key: string;
  readonly marketplace_id: string;
  readonly order_id: string;
  readonly commercial_id: string | null;
  readonly order_state: string | null;
  readonly channel: string | null;
  readonly created_at: Date | null;
  readonly bucket: string | null;
  readonly reason: string | null;
  readonly since: Date | null;
  readonly amount_minor: string | null;
  readonly currency: string | null;
  readonly source_minor: string | null;
  readonly source_currency: string | null;
  readonly contact_class: string | null;
  readonly country: string | null;
  readonly buyer_id: string | null;
  readonly waiting_stage: string | null;
}

export interface RefundRecord {
  readonly kind: string;
  readonly refund_id: string;
  readonly line_id: string | null;
  readonly state: string | null;
  readonly final: boolean;
  readonly amount_minor: string | null;
  readonly currency: string | null;
  readonly created_at: Date;
  readonly completed_at: Date | null;
}

export interface OrderFilter {
  readonly query: string | undefined;
  readonly bucket: string | undefined;
  readonly reason: string | undefined;
  readonly marketplaceId: string | undefined;
  /** Ordered from here to there, both ends included. */
  readonly from: string | null;
  readonly to: string | null;
  readonly contactClass: string | undefined;
  readonly country: string | undefined;
  readonly buyerId: string | undefined;
  readonly after: OrderCursor | undefined;
  readonly limit: number;
}

const COLUMNS = `order_key, marketplace_id, order_id, commercial_id, order_state, channel, created_at, bucket, reason,
  since, amount_minor::text, currency, source_minor::text, source_currency, contact_class, country, buyer_id,
  waiting_stage`;

/** A story longer than this is cut at its beginning. */
const TIMELINE_MAX = 500;

/** Reads orders and their stories. */
export class OrdersStore {
  constructor(private readonly database: Database) {}

  async find(orderKey: string): Promise<{ record: OrderRecord; said: Said } | undefined> {
    const [row] = await this.database.query<OrderRecord & { readonly said: Said | null }>(
      `select ${COLUMNS}, said from ledger_order where order_key = $1`,
      [orderKey],
    );
    return row === undefined || row.said === null ? undefined : { record: row, said: row.said };
  }

  async refunds(orderKey: string): Promise<RefundRecord[]> {
    return this.database.query<RefundRecord>(
      `select kind, refund_id, line_id, state, final, amount_minor::text, currency, created_at, completed_at
       from ledger_refund where order_key = $1 order by created_at, kind, refund_id`,
      [orderKey],
    );
  }

  async timeline(orderKey: string): Promise<TimelineEntry[]> {
    const rows = await this.database.query<{ entry: TimelineEntry }>(
      `select entry from (
         select at, entry_id, entry from timeline_entry where order_key = $1 order by at desc, entry_id desc limit $2
       ) as newest order by at, entry_id`,
      [orderKey, TIMELINE_MAX],
    );
    return rows.map((row) => row.entry);
  }

  /** The exception of the order whose failed step can run again: the one that it is not verified for first. */
  async exceptionToReplay(orderKey: string): Promise<string | undefined> {
    const [row] = await this.database.query<{ id: string }>(
      `select c.id from exception_case c join ledger_order o on o.order_key = c.order_key
       where c.order_key = $1 and c.state <> 'resolved' and c.origin = 'ledger'
       order by (c.reason = o.reason) desc, c.opened_at desc, c.id limit 1`,
      [orderKey],
    );
    return row?.id;
  }

  /** How many orders the ledger knows of a buyer. */
  async countOfBuyer(buyerId: string): Promise<number> {
    const [row] = await this.database.query<{ orders: string }>(
      `select count(*)::text as orders from ledger_order where buyer_id = $1`,
      [buyerId],
    );
    return Number(row?.orders ?? 0);
  }

  /**
   * Newest first. A search looks at the beginning of order and basket numbers, at keys, the ids of buyer events and
   * SKUs, each by its own index. What few orders match is taken by that index first: otherwise the database, which
   * cannot know how few they are, walks from the newest order to the oldest.
   */
  async list(filter: OrderFilter): Promise<OrderRecord[]> {
    const { conditions, parameters } = conditionsOf(filter);
    const order = `order by created_at desc nulls last, order_key desc limit ${filter.limit}`;
    const select = (extra: readonly string[]) =>
      `select ${COLUMNS} from ledger_order where ${[...conditions, ...extra].join(' and ')}`;
    if (filter.query === undefined) {
      return this.database.query<OrderRecord>(`${select([])} ${order}`, parameters);
    }
    const prefix = `${filter.query.toUpperCase().replace(/[\\%_]/g, '\\$&')}%`;
    const [likeAt, keysAt, skuAt] = [parameters.length + 1, parameters.length + 2, parameters.length + 3];
    const searches = [
      { name: 'by_number', where: `upper(order_id) like $${likeAt}`, by: 'order by upper(order_id)' },
      {
        name: 'by_basket',
        where: `upper(commercial_id) like $${likeAt}`,
        by: 'order by upper(commercial_id)',
      },
      { name: 'by_sku', where: `skus @> $${skuAt}::text[]`, by: '' },
    ];
    const few = searches.map(
      ({ name, where, by }) =>
        `${name} as materialized (select order_key from ledger_order where ${where} ${by} limit ${FEW + 1})`,
    );
    const found = [
      ...searches.flatMap(({ name, where }) => [
        `(${select([`order_key in (select order_key from ${name})`, `(select count(*) from ${name}) <= ${FEW}`])})`,
        `(${select([where, `(select count(*) from ${name}) > ${FEW}`])} ${order})`,
      ]),
      `(${select([`order_key = any($${keysAt}::text[])`])})`,
    ].join(' union ');
    return this.database.query<OrderRecord>(
      `with ${few.join(', ')} select * from (${found}) as found ${order}`,
      [...parameters, prefix, keysIn(filter.query), [filter.query]],
    );
  }
}

/** The order keys that a text may be or begin with: the id of a buyer event is its order's key and more. */
function keysIn(text: string): string[] {
  const parts = text.split(':').slice(0, KEY_PARTS_MAX);
  return parts.slice(1).map((_part, index) => parts.slice(0, index + 2).join(':'));
}

const KEY_PARTS_MAX = 12;
/** Up to here it is quicker to take all that match and sort them than to look for them from the newest order on. */
const FEW = 2_000;

function conditionsOf(filter: OrderFilter): { conditions: string[]; parameters: unknown[] } {
  const conditions: string[] = ['said is not null'];
  const parameters: unknown[] = [];
  const equals = (column: string, value: string | undefined) => {
    if (value === undefined) return;
    parameters.push(value);
    conditions.push(`${column} = $${parameters.length}`);
  };
  equals('bucket', filter.bucket);
  equals('reason', filter.reason);
  equals('marketplace_id', filter.marketplaceId);
  equals('contact_class', filter.contactClass);
  equals('country', filter.country);
  equals('buyer_id', filter.buyerId);
  const bounded = (comparison: '>=' | '<=', value: string | null) => {
    if (value === null) return;
    parameters.push(value);
    conditions.push(`created_at ${comparison} $${parameters.length}::timestamptz`);
  };
  bounded('>=', filter.from);
  bounded('<=', filter.to);
  if (filter.after !== undefined) {
    parameters.push(filter.after.createdAt, filter.after.orderKey);
    conditions.push(
      `(created_at, order_key) < ($${parameters.length - 1}::timestamptz, $${parameters.length})`,
    );
  }
  return { conditions, parameters };
}
