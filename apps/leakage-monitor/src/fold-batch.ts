import { DONE, type MessageBatch, type MessageOutcome } from '@watertight/kafka';
import { measureStep } from '@watertight/service';
import { crashPoint } from '@watertight/service/crash-point';
import type { LedgerStore } from './ledger/ledger.store.ts';
import type { LedgerMessage } from './ledger/stage-batch.ts';

/**
 * The flow of leakage-monitor. A batch of facts or outcomes is
 *   1. sorted by what it is about (ledger/stage-batch),
 *   2. folded, order by order, into what was said so far (ledger/fold-outcome),
 *   3. placed: one bucket per order, with reason, money and age (ledger/place-order),
 *   4. added to the sums of the balance (ledger/contribution) and to the orders' stories (ledger/timeline),
 *   5. where a source spoke of itself, folded into audits and polls (reconcile/source-state),
 *   6. and read by those who keep something for a report (ledger/batch-follower),
 * all in one transaction with the position up to which the partition has been folded. Offsets are committed after it.
 * What is read from it: the balance at the settled cut (balance/read-balance, reconcile/settled-cut) and the stories
 * (orders/read-orders).
 */
export class FoldBatch {
  constructor(
    private readonly store: LedgerStore,
    /** Told after each batch, so that those who watch see the change. */
    private readonly onFolded: () => void,
  ) {}

  /** Throws RetryableError while the database cannot do it; the same batch then comes again. */
  async run<T>(
    batch: MessageBatch<T>,
    read: (value: T) => LedgerMessage,
  ): Promise<readonly MessageOutcome[]> {
    const last = batch.messages.at(-1);
    if (last === undefined) return [];
    crashPoint('monitor.batch_taken');
    await measureStep('monitor.fold', () =>
      this.store.fold({
        topic: batch.topic,
        partition: batch.partition,
        nextOffset: String(BigInt(last.offset) + 1n),
        messages: batch.messages.map(({ value }) => read(value)),
      }),
    );
    crashPoint('monitor.batch_folded');
    this.onFolded();
    return batch.messages.map(() => DONE);
  }
}
