import { bulkUpsert, type Queryable } from '@watertight/postgres';
import type { LedgerMessage } from '../ledger/stage-batch.ts';
import { newestAmounts, salesAmountOf } from './sales-amount.ts';

/** Keeps what was ordered, and the amount without tax; part of the transaction that folds the batch. Idempotent. */
export async function keepSalesAmounts(target: Queryable, messages: readonly LedgerMessage[]): Promise<void> {
  const amounts = newestAmounts(
    messages.flatMap((message) => (message.kind === 'order' ? [salesAmountOf(message.fact)] : [])),
  );
  await bulkUpsert(target, {
    table: 'sales_amount',
    columns: {
      order_key: 'text',
      revision: 'integer',
      currency: 'text',
      ordered_minor: 'bigint',
      without_tax_minor: 'bigint',
    },
    key: ['order_key'],
    update: ['revision', 'currency', 'ordered_minor', 'without_tax_minor'],
    where: 't.revision < excluded.revision',
    rows: amounts.map((amount) => ({
      order_key: amount.orderKey,
      revision: amount.revision,
      currency: amount.currency,
      ordered_minor: amount.orderedMinor,
      without_tax_minor: amount.withoutTaxMinor,
    })),
  });
}
