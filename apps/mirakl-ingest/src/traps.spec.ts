import { describe, expect, it } from '@jest/globals';
import { refundFactId } from '@watertight/contracts';
import { checkMeaningWarnings } from './traps.fixture.ts';
import { detectChanges, type Known } from './capture/detect-changes.ts';
import type { ReadableOrder, SourceOrder } from './capture/normalised-order.ts';
import { errorOfStatus, readRetryAfter } from './mirakl/mirakl-errors.ts';
import { normaliseOrder } from './mirakl/seller/normalise-order.ts';
import { Or11Double, pagesOf } from './mirakl/seller/or11-double.fixture.ts';
import {
  cancelationFixture,
  lineFixture,
  orderFixture,
  refundFixture,
} from './mirakl/seller/order.fixture.ts';
import { readSourceOrder } from './mirakl/seller/read-source-order.ts';
import { SellerSource } from './mirakl/seller/seller-source.ts';
import { policyFixture } from './poll/ingest.fixture.ts';
import { planScan, type Progress, watermarkOf } from './poll/plan-scan.ts';
import { type Approach, type Scenario, ScanModel } from './poll/scan-model.fixture.ts';

/**
 * The twelve facts most likely to break a naive poller of Mirakl, each with what this one does about it. The names are
 * those of the list that this service was designed by.
 */

const none = new AbortController().signal;
const readAt = new Date('2026-03-10T00:00:00Z');
const context = {
  orderTaxMode: 'TAX_INCLUDED',
  emailFrom: [],
  baseUrl: 'https://maison.example',
  readAt,
} as const;
const NOTHING: Known = { orders: new Map(), refunds: new Map() };
const seen = { marketplaceId: 'maison-fr', api: 'seller', source: 'poll', observedAt: readAt } as const;

const order = (changes: Record<string, unknown> = {}): ReadableOrder =>
  normaliseOrder(orderFixture(changes), context);
const withRefunds = (...refunds: Record<string, unknown>[]) =>
  order({ order_lines: [lineFixture({ refunds: refunds.map((one) => refundFixture(one)) })] });
const amountsOf = ({ refunds }: ReadableOrder) => refunds.map(({ amount }) => amount?.amount);

function knownAfter(orders: readonly SourceOrder[], before: Known = NOTHING): Known {
  const { learnt } = detectChanges(orders, before, seen);
  return {
    orders: new Map([...before.orders, ...learnt.orders]),
    refunds: new Map([...before.refunds, ...learnt.refunds]),
  };
}

async function listAll(double: Or11Double, shopId: string | null = '2001') {
  const source = new SellerSource(policyFixture({ shopId }), pagesOf(double));
  const ids: string[] = [];
  for await (const { orders } of source.listOrdersUpdatedSince(new Date('2026-01-01T00:00:00Z'), null, none))
    ids.push(...orders.map((one) => (one.kind === 'readable' ? one.order.orderId : '?')));
  return { ids, asked: double.asked };
}

async function isComplete(scenario: Scenario, approach: Approach = 'ours'): Promise<boolean> {
  const { atMirakl, published } = await new ScanModel(scenario, approach).run();
  return [...atMirakl].every(([id, content]) => published.get(id) === content);
}

function doubleOf(count: number): Or11Double {
  const double = new Or11Double(() => readAt);
  for (let index = 0; index < count; index += 1) double.put(orderFixture({ order_id: `W-${index}` }));
  return double;
}

const settled: Progress = {
  watermark: new Date('2026-03-09T23:50:00Z'),
  historyFrom: new Date('2026-01-01T00:00:00Z'),
  readingHash: 'h',
  scan: null,
  pollsCompleted: 5,
};
const scanPolicy = { backfillFrom: settled.historyFrom ?? readAt, readingHash: 'h', overlapMs: 300_000 };

type Trap = readonly [name: string, check: () => Promise<void> | void];

const traps: readonly Trap[] = [
  [
    '1. the default page is 10, the cap 100, and what comes after page one is easily lost',
    async () => {
      const { ids, asked } = await listAll(doubleOf(230));
      expect(new Set(ids).size).toBe(230);
      expect(asked.map((query) => query.get('max'))).toEqual(['100', '100', '100']);
    },
  ],
  [
    '2. sorted by creation, filtered by update, paged by offset: closed windows and state filters lose orders',
    async () => {
      const { asked } = await listAll(doubleOf(5));
      for (const narrowing of ['end_update_date', 'order_state_codes', 'has_incident', 'customer_debited'])
        expect(asked[0]?.has(narrowing)).toBe(false);
      const shift = { atAnswer: 3, kind: 'new state', order: 5 } as const;
      const scenario = { pageSize: 1, orders: 6, changes: [shift], crashes: [], secondsPerPage: 400 };
      expect([await isComplete(scenario), await isComplete(scenario, 'closed window')]).toEqual([
        true,
        false,
      ]);
    },
  ],
  [
    '3. Mirakl widens start_update_date, so every poll brings orders that were seen',
    () => {
      const again = detectChanges([order()], knownAfter([order()]), seen);
      expect([again.orders, again.refunds]).toEqual([[], []]);
    },
  ],
  [
    '4. last_updated_date has whole seconds, and nightly batches stamp many orders alike',
    async () => {
      const double = new Or11Double(() => readAt, 0);
      const last_updated_date = '2026-03-09T23:00:01Z';
      for (let index = 0; index < 150; index += 1)
        double.put(orderFixture({ order_id: `W-${index}`, last_updated_date }));
      // The watermark may be that very second: the window includes it, and begins earlier by the overlap anyway.
      const source = new SellerSource(policyFixture(), pagesOf(double));
      let count = 0;
      for await (const page of source.listOrdersUpdatedSince(new Date(last_updated_date), null, none))
        count += page.orders.length;
      expect(count).toBe(150);
      expect(watermarkOf(readAt, readAt, 300_000)).toEqual(new Date('2026-03-09T23:55:00Z'));
    },
  ],
  [
    '5. partners may ask every 15 minutes, sellers once a minute; more gives 429 with Retry-After',
    () => {
      expect(readRetryAfter('120', readAt)).toBe(120_000);
      expect(errorOfStatus('m', 429, 120_000)).toMatchObject({ kind: 'rate_limited', retryAfterMs: 120_000 });
      expect(checkMeaningWarnings('partner', '5m')[0]).toContain('once in 15 min');
      expect(checkMeaningWarnings('seller', '30s')[0]).toContain('once in 1 min');
      expect(checkMeaningWarnings('seller', '5m')).toEqual([]);
    },
  ],
  [
    '6. states are skipped between polls, and some channels begin at RECEIVED',
    () => {
      for (const order_state of ['RECEIVED', 'CLOSED', 'A_STATE_OF_NEXT_YEAR'])
        expect(detectChanges([order({ order_state })], NOTHING, seen).orders[0]?.state).toBe(order_state);
    },
  ],
  [
    '7. refunds and cancelations have no feed: they are found by comparing arrays, weeks after the order',
    () => {
      const cancelled = order({ order_lines: [lineFixture({ cancelations: [cancelationFixture()] })] });
      const known = knownAfter([order()]);
      expect(detectChanges([withRefunds({ id: '1' }, { id: '2' })], known, seen).refunds).toHaveLength(2);
      expect(detectChanges([cancelled], known, seen).refunds[0]).toMatchObject({
        kind: 'cancelation',
        final: true,
      });
      // Polled by update date: the creation date, long ago, plays no part.
      expect(planScan(settled, scanPolicy, readAt).from).toEqual(settled.watermark);
    },
  ],
  [
    '8. `state` of a refund is frozen, `refund_state` may be missing, and WAITING_* is not paid back',
    () => {
      const stateOf = (refund: Record<string, unknown>) => {
        const [first] = withRefunds(refund).refunds;
        return [first?.state, first?.final];
      };
      expect(stateOf({ refund_state: 'REFUNDED', state: 'WAITING_REFUND' })).toEqual(['REFUNDED', true]);
      expect(stateOf({ refund_state: undefined, state: 'REFUNDED' })).toEqual(['REFUNDED', true]);
      for (const refund_state of [
        'WAITING_REFUND',
        'WAITING_REFUND_PAYMENT',
        'WAITING_REFUND_TAX_CONFIRMATION',
        'NEW',
      ])
        expect(stateOf({ refund_state, state: 'REFUNDED' })).toEqual([refund_state, false]);
    },
  ],
  [
    '9. a refund’s quantity says nothing, one line has several, shipping alone is refunded; cancelations lower totals',
    () => {
      const several = withRefunds(
        { id: '1', amount: 10, quantity: 0 },
        { id: '2', amount: 0, shipping_amount: 0.01, quantity: null },
      );
      expect(amountsOf(several)).toEqual(['10.00', '0.01']);
      expect(several.order.amount?.amount).toBe('49.90');
      const cancelations = [cancelationFixture({ amount: 15, shipping_amount: 1.5 })];
      const cancelled = order({
        total_price: 33.4,
        order_lines: [lineFixture({ quantity: 2, cancelations })],
      });
      expect(cancelled.order).toMatchObject({
        amount: { amount: '33.40' },
        amountOrdered: { amount: '49.90' },
        lines: [{ quantity: 2, quantityOrdered: 3 }],
      });
    },
  ],
  [
    '10. order_tax_mode decides what an amount is, and operator-remitted tax is not the seller’s',
    async () => {
      const { asked } = await listAll(doubleOf(1));
      expect(asked[0]?.get('order_tax_mode')).toBe('TAX_INCLUDED');
      const parts = [{ amount: 4, payable_to_shop: false }];
      const taxes = [
        { code: 'STATE', amount: 4, amount_breakdown: { parts } },
        { code: 'OURS', amount: 2 },
      ];
      const taxed = order({ order_tax_mode: 'TAX_EXCLUDED', order_lines: [lineFixture({ taxes })] });
      expect(taxed.order.amount?.amount).toBe('51.90');
    },
  ],
  [
    '11. addresses, email, locale, ISO code and channel may be missing; a real address may hide in customer_id',
    () => {
      const bare = order({
        customer: {
          customer_id: 'ines@example.org',
          billing_address: null,
          shipping_address: null,
          locale: null,
        },
        customer_notification_email: undefined,
        channel: null,
      });
      expect(bare.order.buyer).toMatchObject({ contacts: [], countryCode: null, locale: null });
      expect(bare.order.channel).toBeNull();
      expect(JSON.stringify(bare.order)).not.toContain('ines@example.org');
    },
  ],
  [
    '12. ids are unique within one shop only, an omitted shop reads the default one, and a failing order must not pass',
    async () => {
      const { asked } = await listAll(doubleOf(1));
      expect(asked[0]?.get('shop_id')).toBe('2001');
      const elsewhere = detectChanges([order()], knownAfter([order()]), {
        ...seen,
        marketplaceId: 'techno-us',
      });
      expect(elsewhere.orders[0]?.orderKey).toBe('techno-us:W-1001-A');
      expect(refundFactId('m:a', 'refund', '1')).not.toBe(refundFactId('m:b', 'refund', '1'));
      const broken = orderFixture({ total_price: 'a lot' });
      const failing = readSourceOrder(broken, () => Buffer.from(JSON.stringify(broken)), context);
      const { unreadable, orders } = detectChanges([failing, order({ order_id: 'W-2' })], NOTHING, seen);
      expect(unreadable[0]).toMatchObject({ orderKey: 'maison-fr:W-1001-A', revision: 1 });
      expect(orders).toHaveLength(1);
    },
  ],
];

describe('the twelve traps of Mirakl', () => {
  it.each(traps)('trap %s', async (_name, check) => {
    await check();
  });
});
