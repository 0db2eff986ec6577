import type { MarketplacePolicy } from '@watertight/marketplaces';
import type { ReturnPage } from '../../returns/source-return.ts';
import type { SourceSettings } from '../../settings/source-settings.ts';
import { formatTimestamp, readObject, readText, readTimestamp } from '../lenient-readers.ts';
import type { MiraklSource, OrderPage } from '../mirakl-source.ts';
import { MiraklError } from '../mirakl-errors.ts';
import { readOrder } from '../seller/read-source-order.ts';
import { type SeekPage, seekPages } from '../seek-pages.ts';
import type { ConnectClient } from './connect-client.ts';
import { normaliseConnectOrder } from './normalise-connect-order.ts';
import { normaliseConnectReturn } from './normalise-connect-return.ts';

const ORDERS = '/v2/orders';
const RETURNS = '/v2/orders/returns';
const PAGE_SIZE = '100';

export type ConnectPolicy = Pick<MarketplacePolicy, 'id' | 'shopId' | 'contact'>;

/**
 * A marketplace by Mirakl Connect: one access to all channels that a company sells on, in seek pages by update date. With
 * a `shopId` only the orders of that store of a channel are this marketplace's.
 */
export class ConnectSource implements MiraklSource {
  /** Connect has none. */
  readonly exports = null;

  constructor(
    private readonly policy: ConnectPolicy,
    private readonly client: Pick<ConnectClient, 'get' | 'close'>,
  ) {}

  /**
   * In ascending order of the update date: an order that changes while we page moves to the end and comes once more;
   * none can be passed over.
   */
  async *listOrdersUpdatedSince(
    from: Date,
    resumeAt: string | null,
    signal: AbortSignal,
  ): AsyncIterable<OrderPage> {
    const asked = { updated_from: formatTimestamp(from), sort: 'updated_at,ASC' };
    for await (const page of this.#pages(ORDERS, asked, resumeAt, signal)) yield this.#orderPage(page);
  }

  /**
   * Connect filters by update date alone, and nothing was updated before it was created. So the newest orders come
   * first, and the reading ends where they are older than what is asked for.
   */
  async readOrdersCreated(
    since: Date,
    until: Date,
    resumeAt: string | null,
    signal: AbortSignal,
  ): Promise<OrderPage> {
    const asked = { updated_from: formatTimestamp(since), sort: 'created_at,DESC' };
    for await (const page of this.#pages(ORDERS, asked, resumeAt, signal)) {
      const oldest = Date.parse(createdAt(page.entries.at(-1)) ?? '');
      const entries = page.entries.filter((entry) => {
        const created = Date.parse(createdAt(entry) ?? '');
        // An order without a date that can be read is no order that could be left out.
        return Number.isNaN(created) || (created >= since.getTime() && created <= until.getTime());
      });
      const isOver = oldest < since.getTime();
      return { ...this.#orderPage({ ...page, entries }), next: isOver ? null : page.nextPageToken };
    }
    throw new Error(`${this.policy.id}: a list ended without a single page`);
  }

  async listOrdersByIds(orderIds: readonly string[], signal: AbortSignal): Promise<OrderPage> {
    const asked = new URLSearchParams({ limit: PAGE_SIZE });
    for (const id of orderIds) asked.append('order_ids', id);
    const list = { marketplaceId: this.policy.id, path: ORDERS, asked, what: 'orders' };
    for await (const page of seekPages(this.client, list, signal)) return this.#orderPage(page);
    throw new Error(`${this.policy.id}: a list ended without a single page`);
  }

  /** Connect gives no count. */
  async countOrdersCreated(): Promise<null> {
    return null;
  }

  async *listReturnsUpdatedSince(from: Date, signal: AbortSignal): AsyncIterable<ReturnPage> {
    const asked = { updated_from: formatTimestamp(from), sort: 'updated_at,ASC' };
    for await (const { entries, answeredAt } of this.#pages(RETURNS, asked, null, signal)) {
      const returns = entries.filter((entry) => this.#isOurs(entry));
      yield { returns: returns.map((raw) => normaliseConnectReturn(raw, answeredAt)), answeredAt };
    }
  }

  listRefundTransactions(): null {
    return null;
  }

  /** Connect shows neither account nor platform; that the credentials work is all there is to find. */
  async readSettings(signal: AbortSignal): Promise<SourceSettings> {
    const { answeredAt } = await this.client.get(
      ORDERS,
      new URLSearchParams({ limit: '1' }),
      (answer) => answer,
      signal,
    );
    const detail =
      'Mirakl Connect says neither how many orders there are nor how the platform is set up: there is no count audit, and a change of the tax mode cannot be seen';
    return {
      answeredAt,
      shopId: null,
      shopName: null,
      currency: null,
      taxMode: null,
      timezone: null,
      channels: [],
      reasons: [],
      features: {},
      checks: [
        { check: 'credentials', result: 'ok', detail: 'Mirakl Connect gave a token, and orders with it' },
        { check: 'count_audit', result: 'warning', detail },
      ],
    };
  }

  close(): Promise<void> {
    return this.client.close();
  }

  /** A page token that Mirakl does not take any more, as after a long pause, begins the list anew: repeats do no harm. */
  async *#pages(
    path: string,
    asked: Readonly<Record<string, string>>,
    resumeAt: string | null,
    signal: AbortSignal,
  ): AsyncIterable<SeekPage> {
    const { id: marketplaceId } = this.policy;
    const what = path === RETURNS ? 'returns' : 'orders';
    const query = new URLSearchParams({ ...asked, limit: PAGE_SIZE });
    const list = { marketplaceId, path, asked: query, what };
    let isResumed = resumeAt !== null;
    try {
      for await (const page of seekPages(this.client, { ...list, resumeAt }, signal)) {
        isResumed = false;
        yield page;
      }
      return;
    } catch (error) {
      if (!isResumed || !(error instanceof MiraklError) || error.kind !== 'rejected') throw error;
    }
    yield* seekPages(this.client, list, signal);
  }

  #orderPage({ entries, nextPageToken, answeredAt }: SeekPage): OrderPage {
    const { emailFrom } = this.policy.contact;
    const reading = {
      idField: 'id',
      createdField: 'created_at',
      normalise: (raw: unknown) => normaliseConnectOrder(raw, { emailFrom }),
    };
    const orders = entries
      .filter((entry) => this.#isOurs(entry))
      .map((raw) => readOrder(raw, () => Buffer.from(JSON.stringify(raw)), reading));
    return { orders, next: nextPageToken, answeredAt };
  }

  /** One company may have several stores behind one access; without a shop id all of them are one marketplace. */
  #isOurs(entry: unknown): boolean {
    const { shopId } = this.policy;
    if (shopId === null) return true;
    const store = readText(readObject(readObject(entry)['origin'])['channel_store_id']);
    // An entry that does not say whose it is must not be lost.
    return store === null || store === shopId;
  }
}

function createdAt(entry: unknown): string | null {
  return readTimestamp(readObject(entry)['created_at']);
}
