import { isLoopback, type MarketplacePolicy } from '@watertight/marketplaces';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { ArrayElementScanner } from '../array-element-scanner.ts';
import { formatTimestamp } from '../lenient-readers.ts';
import type { ExportStatus, OrderExports, OrderPage } from '../mirakl-source.ts';
import { MiraklError } from '../mirakl-errors.ts';
import { parseJson } from '../parse-json.ts';
import type { SellerClient } from './client.ts';
import type { NormaliseContext } from './normalise-order.ts';
import { readSourceOrder } from './read-source-order.ts';

const EXPORT = '/api/orders/async-export';
/** Smaller files than Mirakl's default of 512 MB: less is read again after a crash. */
const MEGABYTES_PER_CHUNK = 100;
const ORDERS_PER_PAGE = 200;
/** Orders with thousands of lines make smaller pages. */
const CHARACTERS_PER_PAGE = 4_000_000;
/** OR14: recommended every 10 s. A double on this machine is asked more often. */
const STATUS_EVERY_MS = 10_000;
const LOCAL_STATUS_EVERY_MS = 250;
const AFTER_REFUSAL_MS = 60_000;
const LOCAL_AFTER_REFUSAL_MS = 500;

const created = Compile(Type.Object({ tracking_id: Type.String({ pattern: '^[\\w.-]{1,200}$' }) }));
const status = Compile(
  Type.Object({
    status: Type.String(),
    urls: Type.Optional(Type.Union([Type.Array(Type.String()), Type.Null()])),
  }),
);

/** OR13 (create), OR14 (status) and OR15 (files): Mirakl's recommended way for large reads. */
export class SellerExports implements OrderExports {
  readonly statusEveryMs: number;
  readonly afterRefusalMs: number;

  constructor(
    private readonly policy: Pick<
      MarketplacePolicy,
      'id' | 'baseUrl' | 'shopId' | 'orderTaxMode' | 'contact'
    >,
    private readonly client: Pick<SellerClient, 'get' | 'post' | 'readFile'>,
    private readonly now: () => Date,
  ) {
    const isLocal = isLoopback(new URL(policy.baseUrl).hostname);
    this.statusEveryMs = isLocal ? LOCAL_STATUS_EVERY_MS : STATUS_EVERY_MS;
    this.afterRefusalMs = isLocal ? LOCAL_AFTER_REFUSAL_MS : AFTER_REFUSAL_MS;
  }

  create(since: Date, until: Date, signal: AbortSignal): Promise<string> {
    const asked = {
      start_date: formatTimestamp(since),
      end_date: formatTimestamp(until),
      order_tax_mode: this.policy.orderTaxMode,
      megabytes_per_chunk: MEGABYTES_PER_CHUNK,
    };
    const read = ({ body }: { readonly body: string }) => {
      const answer = parseJson(body);
      if (created.Check(answer)) return answer.tracking_id;
      throw this.#unreadable('holds no tracking_id');
    };
    return this.client.post(EXPORT, this.#query(), asked, read, signal);
  }

  async status(trackingId: string, signal: AbortSignal): Promise<ExportStatus> {
    const read = ({ body }: { readonly body: string }): ExportStatus => {
      const answer = parseJson(body);
      if (!status.Check(answer)) throw this.#unreadable('holds no status of an export');
      if (answer.status === 'COMPLETED') return { state: 'ready', files: answer.urls ?? [] };
      const isOver = answer.status === 'FAILED' || answer.status === 'CANCELED';
      return { state: isOver ? 'ended_without_files' : 'pending' };
    };
    try {
      return await this.client.get(`${EXPORT}/status/${trackingId}`, this.#query(), read, signal);
    } catch (error) {
      // An export that Mirakl has forgotten; its files are gone as well.
      if (error instanceof MiraklError && error.kind === 'rejected') return { state: 'ended_without_files' };
      throw error;
    }
  }

  async *read(file: string, skip: number, signal: AbortSignal): AsyncIterable<OrderPage> {
    const scanner = new ArrayElementScanner('orders');
    let left = skip;
    let texts: string[] = [];
    let characters = 0;
    for await (const piece of this.client.readFile(file, signal)) {
      for (const text of scanner.feed(piece)) {
        if (left > 0) {
          left -= 1;
          continue;
        }
        texts.push(text);
        characters += text.length;
        if (texts.length < ORDERS_PER_PAGE && characters < CHARACTERS_PER_PAGE) continue;
        yield this.#pageOf(texts);
        [texts, characters] = [[], 0];
      }
    }
    if (texts.length > 0) yield this.#pageOf(texts);
    // Half a file looks like a short one; taking it for all of it would lose the rest.
    if (!scanner.isComplete) throw this.#unreadable('broke off in the middle of a file');
  }

  #pageOf(texts: readonly string[]): OrderPage {
    const { orderTaxMode, baseUrl, contact } = this.policy;
    const answeredAt = this.now();
    const context: NormaliseContext = {
      orderTaxMode,
      baseUrl,
      emailFrom: contact.emailFrom,
      readAt: answeredAt,
    };
    const orders = texts.map((text) => readSourceOrder(parseJson(text), () => Buffer.from(text), context));
    return { orders, next: null, answeredAt };
  }

  #query(): URLSearchParams {
    const { shopId } = this.policy;
    return new URLSearchParams(shopId === null ? {} : { shop_id: shopId });
  }

  #unreadable(what: string): MiraklError {
    return new MiraklError('unreadable_answer', `${this.policy.id}: the answer of Mirakl ${what}`);
  }
}
