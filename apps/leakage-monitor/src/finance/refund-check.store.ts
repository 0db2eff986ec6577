import { type Transaction } from '@watertight/contracts';
import type { Database } from '@watertight/postgres';
import type { FinanceWindow } from './finance.store.ts';

/** A completed refund as the order tells it. */
export interface CompletedRefund {
  readonly orderKey: string;
  readonly refundId: string;
  readonly completedAt: string | null;
  readonly minor: number | null;
  readonly currency: string | null;
}

interface RefundRow {
  readonly order_key: string;
  readonly refund_id: string;
  readonly completed_at: Date | null;
  readonly amount_minor: string | null;
  readonly currency: string | null;
}

/** Reads both sides of the refund check. */
export class RefundCheckStore {
  constructor(private readonly database: Database) {}

  /** Refunds completed in the window. */
  async completed(window: FinanceWindow): Promise<CompletedRefund[]> {
    const rows = await this.database.query<RefundRow>(
      `select order_key, refund_id, completed_at, amount_minor::text, currency from ledger_refund
       where kind = 'refund' and final and marketplace_id = $1
         and coalesce(completed_at, created_at) >= $2::timestamptz
         and coalesce(completed_at, created_at) < $3::timestamptz
       order by coalesce(completed_at, created_at), order_key, refund_id`,
      [window.marketplaceId, window.from, window.before],
    );
    return rows.map((row) => ({
      orderKey: row.order_key,
      refundId: row.refund_id,
      completedAt: row.completed_at?.toISOString() ?? null,
      minor: row.amount_minor === null ? null : Number(row.amount_minor),
      currency: row.currency,
    }));
  }

  /** The lines of the transaction log about the given refunds. */
  async transactions(marketplaceId: string, refundIds: readonly string[]): Promise<Transaction[]> {
    const rows = await this.database.query<{ body: Transaction }>(
      `select body from stage_word
       where kind = 'transaction' and marketplace_id = $1 and body ->> 'refundId' = any($2::text[])`,
      [marketplaceId, refundIds],
    );
    return rows.map(({ body }) => body);
  }

  /** Marketplaces whose transaction log has been read. */
  async readable(): Promise<Set<string>> {
    const rows = await this.database.query<{ marketplace_id: string }>(
      `select m.id as marketplace_id from (
         select distinct marketplace_id as id from source_state
       ) as m
       where exists (select from stage_word w where w.kind = 'transaction' and w.marketplace_id = m.id)`,
    );
    return new Set(rows.map((row) => row.marketplace_id));
  }
}
