import type { MarketplacePolicy } from '@watertight/marketplaces';
import type { ReturnPage } from '../../returns/source-return.ts';
import { formatTimestamp } from '../lenient-readers.ts';
import type { SourceSettings } from '../../settings/source-settings.ts';
import type { TransactionPage } from '../../transactions/source-transaction.ts';
import type { MiraklSource, OrderCount, OrderExports, OrderPage } from '../mirakl-source.ts';
import { MiraklError } from '../mirakl-errors.ts';
import { seekPages } from '../seek-pages.ts';
import type { Answer, SellerClient } from './client.ts';
import { nextPage } from './next-page.ts';
import { normaliseReturn } from './normalise-return.ts';
import { normaliseTransaction, REFUND_TYPES } from './normalise-transaction.ts';
import { readOrderAnswer } from './order-answer.ts';
import { readSourceOrder } from './read-source-order.ts';
import { readSellerSettings } from './read-settings.ts';

export const PAGE_SIZE = 100;
const ORDERS = '/api/orders';
const RETURNS = '/api/returns';
const TRANSACTIONS = '/api/sellerpayment/transactions_logs';

export type SellerPolicy = Pick<MarketplacePolicy, 'id' | 'baseUrl' | 'shopId' | 'orderTaxMode' | 'contact'>;

/** A marketplace by its seller ("shop") API, OR11. */
export class SellerSource implements MiraklSource {
  constructor(
    private readonly policy: SellerPolicy,
    private readonly client: Pick<SellerClient, 'get' | 'close'>,
    private readonly pageSize = PAGE_SIZE,
    readonly exports: OrderExports | null = null,
  ) {}

  /**
   * OR11 filters by update date, sorts by creation date and pages by offset. So the window stays open, no state is
   * filtered and the order is ascending: orders may then enter the set while it is paged through, which repeats
   * some, but none leaves it, which would skip some.
   */
  async *listOrdersUpdatedSince(
    from: Date,
    resumeAt: string | null,
    signal: AbortSignal,
  ): AsyncIterable<OrderPage> {
    const asked = this.#query({ start_update_date: formatTimestamp(from), max: String(this.pageSize) });
    let query: URLSearchParams | null = resumeAt === null ? asked : this.#resumed(asked, resumeAt);
    while (query !== null) {
      const page: OrderPage = await this.#page(query, signal);
      yield page;
      query = page.next === null ? null : new URLSearchParams(page.next);
    }
  }

  readOrdersCreated(
    since: Date,
    until: Date,
    resumeAt: string | null,
    signal: AbortSignal,
  ): Promise<OrderPage> {
    const dates = { start_date: formatTimestamp(since), end_date: formatTimestamp(until) };
    const asked = this.#query({ ...dates, max: String(this.pageSize) });
    return this.#page(resumeAt === null ? asked : this.#resumed(asked, resumeAt), signal);
  }

  listOrdersByIds(orderIds: readonly string[], signal: AbortSignal): Promise<OrderPage> {
    return this.#page(this.#query({ order_ids: orderIds.join(','), max: String(PAGE_SIZE) }), signal);
  }

  async countOrdersCreated(since: Date, until: Date, signal: AbortSignal): Promise<OrderCount> {
    const dates = { start_date: formatTimestamp(since), end_date: formatTimestamp(until) };
    const query = this.#query({ ...dates, max: '1' });
    return this.client.get(ORDERS, query, (answer) => readCount(this.policy.id, answer), signal);
  }

  async *listReturnsUpdatedSince(from: Date, signal: AbortSignal): AsyncIterable<ReturnPage> {
    const always = this.#shop();
    const since = { return_last_updated_from: formatTimestamp(from), sort: 'date_created,ASC', limit: '100' };
    const asked = new URLSearchParams({ ...since, ...always });
    const list = { marketplaceId: this.policy.id, path: RETURNS, asked, always, what: 'returns' };
    for await (const { entries, answeredAt } of seekPages(this.client, list, signal)) {
      yield { returns: entries.map((raw) => normaliseReturn(raw, answeredAt)), answeredAt };
    }
  }

  /** TL02. Its parameters are repeated, unlike OR11's lists with commas. */
  async *listRefundTransactions(from: Date, signal: AbortSignal): AsyncIterable<TransactionPage> {
    const always = this.#shop();
    const asked = new URLSearchParams({
      last_updated_from: formatTimestamp(from),
      sort: 'lastUpdated,ASC',
      limit: '2000',
      ...always,
    });
    for (const type of REFUND_TYPES) asked.append('transaction_type', type);
    const list = { marketplaceId: this.policy.id, path: TRANSACTIONS, asked, always, what: 'transactions' };
    for await (const { entries, answeredAt } of seekPages(this.client, list, signal)) {
      const read = entries.map(normaliseTransaction);
      const transactions = read.filter((one) => one !== null);
      yield { transactions, unreadable: read.length - transactions.length, answeredAt };
    }
  }

  readSettings(signal: AbortSignal): Promise<SourceSettings> {
    return readSellerSettings(this.policy, this.client, signal);
  }

  close(): Promise<void> {
    return this.client.close();
  }

  #page(query: URLSearchParams, signal: AbortSignal): Promise<OrderPage> {
    return this.client.get(ORDERS, query, (answer) => this.#readPage(query, answer), signal);
  }

  #readPage(query: URLSearchParams, { body, link, answeredAt }: Answer): OrderPage {
    const { orders, totalCount, bytesOf } = readOrderAnswer(this.policy.id, body);
    const { orderTaxMode, baseUrl, contact } = this.policy;
    const context = { orderTaxMode, baseUrl, emailFrom: contact.emailFrom, readAt: answeredAt };
    const url = `${baseUrl}${ORDERS}`;
    const next = nextPage({ query, url, link, orders: orders.length, totalCount });
    return {
      orders: orders.map((raw, index) => readSourceOrder(raw, () => bytesOf(index), context)),
      next: next?.toString() ?? null,
      answeredAt,
    };
  }

  #shop(): Readonly<Record<string, string>> {
    const { shopId } = this.policy;
    return shopId === null ? {} : { shop_id: shopId };
  }

  /** What every call says: the shop (left out, the user's default shop answers), the tax mode, the order. */
  #query(asked: Readonly<Record<string, string>>): URLSearchParams {
    const { orderTaxMode } = this.policy;
    return new URLSearchParams({
      ...asked,
      sort: 'dateCreated',
      order: 'asc',
      order_tax_mode: orderTaxMode,
      ...this.#shop(),
    });
  }

  /** A page of an earlier scan, with what is asked for now put over it. */
  #resumed(asked: URLSearchParams, resumeAt: string): URLSearchParams {
    const resumed = new URLSearchParams(resumeAt);
    for (const [name, value] of asked) resumed.set(name, value);
    return resumed;
  }
}

function readCount(marketplaceId: string, { body, answeredAt }: Answer): OrderCount {
  const { totalCount } = readOrderAnswer(marketplaceId, body);
  if (totalCount !== null) return { orders: totalCount, answeredAt };
  throw new MiraklError('unreadable_answer', `${marketplaceId}: the answer of Mirakl holds no total_count`);
}
