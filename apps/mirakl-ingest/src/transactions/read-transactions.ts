import { orderKeyOf, type Transaction } from '@watertight/contracts';
import { isLoopback, type MarketplacePolicy } from '@watertight/marketplaces';
import type { Clock } from '@watertight/service';
import type { CaptureParts } from '../capture/publish-page.ts';
import { MiraklError } from '../mirakl/mirakl-errors.ts';
import type { MiraklSource } from '../mirakl/mirakl-source.ts';
import { watermarkOf } from '../poll/plan-scan.ts';
import { publishSourceOutcome } from '../poll/source-outcomes.ts';
import { findingOf } from '../settings/check-marketplace.ts';
import type { SourceTransaction, TransactionPage } from './source-transaction.ts';
import { readTransactionsProgress, saveTransactionsProgress } from './transactions.store.ts';

export interface TransactionsParts extends CaptureParts {
  readonly source: MiraklSource;
  readonly clock: Clock;
}

const OVERLAP_MS = 5 * 60_000;
/** TL02: recommended 20 times a day. A double on this machine is asked every few polls. */
const EVERY_MS = 2 * 60 * 60_000;
const EVERY_POLLS = 10;
/** How soon a marketplace that does not show the log is asked again. */
const AFTER_REFUSAL_MS = 24 * 60 * 60_000;

/** How long after one reading of the log the next one is due. Pure. */
export function transactionsEveryMs({
  baseUrl,
  pollIntervalMs,
}: Pick<MarketplacePolicy, 'baseUrl' | 'pollIntervalMs'>): number {
  const isLocal = isLoopback(new URL(baseUrl).hostname);
  return isLocal ? Math.min(pollIntervalMs * EVERY_POLLS, EVERY_MS) : Math.max(EVERY_MS, pollIntervalMs);
}

/**
 * Reads the lines of the transaction log (TL02) about refunds that changed since the last reading, and publishes each
 * as a word for finance: its refund id is that of the order, so what Mirakl paid back can be held beside what the
 * order says. The watermark moves after the last page. Not every key may read the log: that is a finding, and the
 * orders go on. Other errors as pollMarketplace.
 */
export class TransactionsReader {
  #refusedAt: Date | null = null;
  /** The same finding is not published after each reading. */
  #found = '';

  constructor(
    private readonly marketplace: MarketplacePolicy,
    private readonly parts: TransactionsParts,
  ) {}

  async step(signal: AbortSignal): Promise<void> {
    const { database, clock } = this.parts;
    const { id, backfillFrom } = this.marketplace;
    const now = clock.now();
    if (this.#refusedAt !== null && now.getTime() - this.#refusedAt.getTime() < AFTER_REFUSAL_MS) return;
    const { watermark, readAt } = await readTransactionsProgress(database, id);
    if (readAt !== null && now.getTime() - readAt.getTime() < transactionsEveryMs(this.marketplace)) return;
    const from = watermark ?? new Date(backfillFrom.getTime() - OVERLAP_MS);
    const pages = this.parts.source.listRefundTransactions(from, signal);
    if (pages === null) return;
    const earned = await this.#readAll(pages, now, signal);
    await saveTransactionsProgress(database, id, now, earned);
  }

  /** The watermark that the reading earned; null when Mirakl does not show the log. */
  async #readAll(
    pages: AsyncIterable<TransactionPage>,
    localStart: Date,
    signal: AbortSignal,
  ): Promise<Date | null> {
    let earned: Date | null = null;
    let unreadable = 0;
    try {
      for await (const page of pages) {
        earned ??= watermarkOf(page.answeredAt, localStart, OVERLAP_MS);
        unreadable += page.unreadable;
        await this.#publish(page);
        signal.throwIfAborted();
      }
    } catch (error) {
      if (!(error instanceof MiraklError) || (error.kind !== 'rejected' && error.kind !== 'unauthorised'))
        throw error;
      this.#refusedAt = localStart;
      const detail = `refunds cannot be checked against the transaction log (TL02): ${error.message}`;
      await this.#find('warning', detail);
      return null;
    }
    this.#refusedAt = null;
    const lines = `${unreadable} lines of the transaction log have no id, date or amount that can be read`;
    if (unreadable > 0) await this.#find('warning', lines);
    else await this.#find('ok', 'refunds are checked against the transaction log (TL02)');
    return earned;
  }

  async #publish({ transactions, answeredAt }: TransactionPage): Promise<void> {
    const { publisher, topics } = this.parts;
    const words = transactions.map((one) => transactionWord(this.marketplace.id, one, answeredAt));
    await publishSourceOutcome(publisher, topics, ...words);
  }

  async #find(result: 'ok' | 'warning', detail: string): Promise<void> {
    if (this.#found === detail) return;
    const { publisher, topics, clock } = this.parts;
    const check = { check: 'transactions', result, detail };
    await publishSourceOutcome(publisher, topics, findingOf(this.marketplace.id, clock.now(), check));
    this.#found = detail;
  }
}

function transactionWord(
  marketplaceId: string,
  { id, orderId, ...line }: SourceTransaction,
  at: Date,
): Transaction {
  return {
    kind: 'transaction',
    outcomeId: `${marketplaceId}:transaction:${id}`,
    marketplaceId,
    at: at.toISOString(),
    transactionId: id,
    orderKey: orderId === null ? null : orderKeyOf(marketplaceId, orderId),
    ...line,
  };
}
