import { type Bucket, BUCKETS, formatMinor } from '@watertight/contracts';
import type { MarketplacePolicy } from '@watertight/marketplaces';
import type { Clock } from '@watertight/service';
import type { BalanceStore } from '../balance/balance.store.ts';
import { badRequest, notFound } from '../http/api-error.ts';
import { readLimit } from '../http/read-range.ts';
import { readCursor, writeCursor } from '../orders/order-cursor.ts';
import {
  buildFinance,
  type FinanceMarketplace,
  financeTotals,
  type TransactionCounts,
} from './build-finance.ts';
import { checkRefunds } from './check-refunds.ts';
import type {
  Finance,
  FinanceOrder,
  FinanceOrders,
  FinanceOrdersQuery,
  FinanceQuery,
  RefundCheck,
  RefundChecks,
  RefundChecksQuery,
} from './finance.api.ts';
import type { FinanceOrderRow, FinanceStore, FinanceWindow } from './finance.store.ts';
import { addMonths, monthNamed, monthOf, monthsBetween } from './month.ts';
import type { RefundCheckStore } from './refund-check.store.ts';

const MONTHS_MAX = 24;
const MONTHS_DEFAULT = 3;
const REFUNDS_MAX = 1_000;

/** Months as finance reconciles them. */
export class ReadFinance {
  constructor(
    private readonly store: FinanceStore,
    private readonly refunds: RefundCheckStore,
    private readonly balances: Pick<BalanceStore, 'marketplaceIds'>,
    private readonly policies: readonly MarketplacePolicy[],
    private readonly clock: Clock,
  ) {}

  /** Throws ApiError for a marketplace that nobody knows, or months that cannot be read. */
  async read(query: FinanceQuery): Promise<Finance> {
    const { finance } = await this.readWithRefunds(query);
    return finance;
  }

  /** The same, with every refund check behind its counts. */
  async readWithRefunds(query: FinanceQuery): Promise<{ finance: Finance; refunds: RefundCheck[] }> {
    const { from, to } = this.#monthsOf(query);
    const marketplaces = await this.#marketplacesFor(query.marketplace);
    const windows = marketplaces.flatMap((marketplace) =>
      monthsBetween(from, to).map((month) => windowOf(marketplace, month)),
    );
    const [sums, booked, readable] = await Promise.all([
      this.store.sums(windows),
      this.store.booked(windows),
      this.refunds.readable(),
    ]);
    const checks = await this.#checkAll(windows.filter(({ marketplaceId }) => readable.has(marketplaceId)));
    const transactions = new Map([...checks].map(([key, found]) => [key, countsOf(found)]));
    const { currency } = query;
    return {
      finance: {
        asOf: this.clock.now().toISOString(),
        from,
        to,
        rows: buildFinance({ marketplaces, sums, booked, transactions, currency }),
        totals: financeTotals(sums, currency).map(({ figures, ...total }) => ({ ...total, ...figures })),
      },
      refunds: [...checks.values()].flat(),
    };
  }

  /** The orders behind a row. Throws ApiError as `read`. */
  async orders(query: FinanceOrdersQuery): Promise<FinanceOrders> {
    const limit = readLimit(query.limit);
    const window = await this.#windowFor(query.marketplace, query.month);
    const rows = await this.store.orders({
      window,
      currency: query.currency,
      bucket: query.bucket,
      after: query.cursor === undefined ? undefined : readCursor(query.cursor),
      limit: limit + 1,
    });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const more = rows.length > limit && last !== undefined;
    return {
      orders: page.flatMap(orderOf),
      nextCursor: more
        ? writeCursor({ createdAt: last.created_at.toISOString(), orderKey: last.order_key })
        : null,
    };
  }

  /** Completed refunds of a month beside Mirakl's transaction log. Throws ApiError as `read`. */
  async refundChecks({ marketplace, month }: RefundChecksQuery): Promise<RefundChecks> {
    const window = await this.#windowFor(marketplace, month);
    const allowed = (await this.refunds.readable()).has(marketplace);
    const found = allowed ? await this.#check(window) : [];
    return {
      asOf: this.clock.now().toISOString(),
      allowed,
      refunds: found.slice(0, REFUNDS_MAX),
      truncated: found.length > REFUNDS_MAX,
    };
  }

  async #checkAll(windows: readonly FinanceWindow[]): Promise<Map<string, RefundCheck[]>> {
    const checks = new Map<string, RefundCheck[]>();
    for (const window of windows)
      checks.set(`${window.marketplaceId}|${window.month}`, await this.#check(window));
    return checks;
  }

  async #check(window: FinanceWindow): Promise<RefundCheck[]> {
    const completed = await this.refunds.completed(window);
    const ids = completed.map(({ refundId }) => refundId);
    return checkRefunds(completed, await this.refunds.transactions(window.marketplaceId, ids));
  }

  #monthsOf({ from, to }: FinanceQuery): { from: string; to: string } {
    const last = to ?? monthOf(this.clock.now(), 'UTC');
    const first = from ?? addMonths(last, 1 - MONTHS_DEFAULT);
    if (first > last) throw badRequest('from must not be after to');
    if (monthsBetween(first, last).length > MONTHS_MAX) {
      throw badRequest(`at most ${MONTHS_MAX} months at once`);
    }
    return { from: first, to: last };
  }

  async #windowFor(id: string, month: string): Promise<FinanceWindow> {
    const [marketplace] = await this.#marketplacesFor(id);
    if (marketplace === undefined)
      throw notFound(`There is no marketplace "${id}"; GET /api/v1/marketplaces lists them`);
    return windowOf(marketplace, month);
  }

  async #marketplacesFor(wanted: string | undefined): Promise<FinanceMarketplace[]> {
    const ids = new Set([...this.policies.map(({ id }) => id), ...(await this.balances.marketplaceIds())]);
    if (wanted !== undefined && !ids.has(wanted))
      throw notFound(`There is no marketplace "${wanted}"; GET /api/v1/marketplaces lists them`);
    return [...ids]
      .filter((id) => wanted === undefined || id === wanted)
      .sort()
      .map((id) => {
        const policy = this.policies.find((one) => one.id === id);
        return { id, name: policy?.name ?? id, timezone: policy?.timezone ?? 'UTC' };
      });
  }
}

function windowOf({ id, timezone }: FinanceMarketplace, month: string): FinanceWindow {
  return { marketplaceId: id, ...monthNamed(month, timezone) };
}

function countsOf(checks: readonly RefundCheck[]): TransactionCounts {
  const count = (wanted: RefundCheck['result']) => checks.filter(({ result }) => result === wanted).length;
  return {
    allowed: true,
    matched: count('matched'),
    missing: count('missing'),
    different: count('different'),
  };
}

function orderOf(row: FinanceOrderRow): FinanceOrder[] {
  const bucket = BUCKETS.find((one) => one === row.bucket);
  if (bucket === undefined) return [];
  return [
    {
      orderKey: row.order_key,
      orderId: row.order_id,
      createdAt: row.created_at.toISOString(),
      state: row.order_state,
      bucket,
      reason: row.reason,
      currency: row.currency,
      ...amountsOf(row, bucket),
    },
  ];
}

function amountsOf(row: FinanceOrderRow, bucket: Bucket) {
  const { currency } = row;
  // Not a sale: nothing of it is in the row above.
  if (row.amount === null || currency === null || bucket === 'not_a_sale') return UNKNOWN;
  const amount = Number(row.amount);
  const sales = Number(row.sales ?? row.amount);
  const refunds = Number(row.refunds);
  const net = amount - refunds;
  const delivered = bucket === 'verified' ? net : 0;
  const text = (minor: number) => formatMinor(minor, currency);
  return {
    sales: text(sales),
    cancelations: text(sales - amount),
    refunds: text(refunds),
    net: text(net),
    withoutTax: row.without_tax === null ? null : text(Number(row.without_tax)),
    delivered: text(delivered),
    difference: text(net - delivered),
  };
}

const UNKNOWN = {
  sales: null,
  cancelations: null,
  refunds: null,
  net: null,
  withoutTax: null,
  delivered: null,
  difference: null,
} as const;
