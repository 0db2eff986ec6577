import type { ErasureReceipt } from '@watertight/contracts';
import type { Database } from '@watertight/postgres';
import type { TimePlace } from '../http/place-cursor.ts';

export interface ErasureRow {
  readonly command_id: string;
  readonly buyer_id: string;
  readonly requested_by: string;
  readonly requested_at: Date;
  readonly why: string;
  readonly receipts: ErasureReceipt[] | null;
}

/** Reads erasures: what was asked for, and what each stage says it has deleted. */
export class ErasuresStore {
  constructor(private readonly database: Database) {}

  async buyerOf(orderKey: string): Promise<{ known: boolean; buyerId: string | null }> {
    const [row] = await this.database.query<{ buyer_id: string | null }>(
      `select buyer_id from ledger_order where order_key = $1 and said is not null`,
      [orderKey],
    );
    return { known: row !== undefined, buyerId: row?.buyer_id ?? null };
  }

  async list(after: TimePlace | undefined, limit: number): Promise<ErasureRow[]> {
    return this.database.query<ErasureRow>(
      `select c.command_id, c.about as buyer_id, c.requested_by, c.requested_at, c.why,
              (select jsonb_agg(w.body order by w.subject) from stage_word w
               where w.kind = 'erasure_receipt' and w.body ->> 'buyerId' = c.about) as receipts
       from sent_command c
       where c.type = 'erase' and ($1::timestamptz is null or (c.requested_at, c.command_id) < ($1::timestamptz, $2::text))
       order by c.requested_at desc, c.command_id desc limit ${limit}`,
      [after?.at ?? null, after?.id ?? null],
    );
  }
}
