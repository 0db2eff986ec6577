import { describe, expect, it } from '@jest/globals';
import { normaliseOrder } from '../mirakl/seller/normalise-order.ts';
import { lineFixture, orderFixture, refundFixture } from '../mirakl/seller/order.fixture.ts';
import {
  type Changes,
  detectChanges,
  type DetectContext,
  type Known,
  keyOfSourceOrder,
} from './detect-changes.ts';
import type { SourceOrder } from './normalised-order.ts';

const NOTHING: Known = { orders: new Map(), refunds: new Map() };
const context: DetectContext = {
  marketplaceId: 'maison-fr',
  api: 'seller',
  source: 'poll',
  observedAt: new Date('2026-03-10T00:00:00Z'),
};
const key = 'maison-fr:W-1001-A';

function order(changes: Record<string, unknown> = {}): SourceOrder {
  return normaliseOrder(orderFixture(changes), {
    orderTaxMode: 'TAX_INCLUDED',
    emailFrom: [],
    baseUrl: 'https://maison.example',
    readAt: context.observedAt,
  });
}

const withRefund = (refund: Record<string, unknown> = {}) =>
  order({ order_lines: [lineFixture({ refunds: [refundFixture(refund)] })] });

const unreadable = (text: string, orderId: string | null = 'W-1001-A'): SourceOrder => ({
  kind: 'unreadable',
  reason: 'source.unparseable',
  detail: '/total_price is missing',
  orderId,
  createdAt: null,
  bytes: Buffer.from(text),
});

/** What is known after the changes have been published and recorded. */
function knownAfter(changes: Changes, before: Known = NOTHING): Known {
  return {
    orders: new Map([...before.orders, ...changes.learnt.orders]),
    refunds: new Map([...before.refunds, ...changes.learnt.refunds]),
  };
}

describe('detectChanges: orders', () => {
  it('publishes an order that was never seen, under revision 1', () => {
    const { orders } = detectChanges([order()], NOTHING, context);
    expect(orders).toHaveLength(1);
    expect(orders[0]).toMatchObject({
      orderKey: key,
      marketplaceId: 'maison-fr',
      revision: 1,
      observedAt: '2026-03-10T00:00:00.000Z',
      source: 'poll',
      api: 'seller',
      orderId: 'W-1001-A',
    });
  });

  it('trap: does not publish the same content again, however often Mirakl sends it', () => {
    const known = knownAfter(detectChanges([order()], NOTHING, context));
    expect(detectChanges([order(), order()], known, context)).toMatchObject({
      orders: [],
      refunds: [],
      unreadable: [],
    });
  });

  it('trap: an update date that was touched, or another picture host, is no change', () => {
    const medias = (host: string) => [
      lineFixture({ product_medias: [{ media_url: `https://${host}/p.png` }] }),
    ];
    const known = knownAfter(detectChanges([order({ order_lines: medias('a.example') })], NOTHING, context));
    const touched = order({ last_updated_date: '2026-03-09T23:00:01Z', order_lines: medias('b.example') });
    expect(detectChanges([touched], known, context).orders).toEqual([]);
  });

  it('publishes a change under the next revision', () => {
    const known = knownAfter(detectChanges([order()], NOTHING, context));
    expect(detectChanges([order({ order_state: 'SHIPPED' })], known, context).orders).toMatchObject([
      { revision: 2, state: 'SHIPPED' },
    ]);
  });

  it('compares an order that a page brings twice with itself', () => {
    const twice = detectChanges([order(), order()], NOTHING, context);
    expect(twice.orders).toHaveLength(1);
    const changed = detectChanges([order(), order({ order_state: 'SHIPPED' })], NOTHING, context);
    expect(changed.orders).toMatchObject([{ revision: 2, state: 'SHIPPED' }]);
    expect(changed.learnt.orders.get(key)).toMatchObject({ revision: 2 });
  });

  it('takes a revision that was reserved and never recorded as used', () => {
    const reserved = { revision: 4, contentHash: null, unreadableHash: null };
    const known = { orders: new Map([[key, reserved]]), refunds: new Map() };
    expect(detectChanges([order()], known, context).orders[0]?.revision).toBe(5);
  });

  it('publishes what a person asked for although nothing has changed, under its old revision', () => {
    const known = knownAfter(detectChanges([withRefund()], NOTHING, context));
    const again = detectChanges([withRefund()], known, {
      ...context,
      source: 'refetch',
      wanted: new Set([key]),
    });
    expect(again.orders).toMatchObject([{ revision: 1, source: 'refetch' }]);
    expect(again.refunds).toMatchObject([{ revision: 1 }]);
  });

  it('tells apart equal order ids of two marketplaces', () => {
    const known = knownAfter(detectChanges([order()], NOTHING, context));
    const other = detectChanges([order()], known, { ...context, marketplaceId: 'techno-us' });
    expect(other.orders[0]?.orderKey).toBe('techno-us:W-1001-A');
  });
});

describe('detectChanges: refunds', () => {
  const factId = `${key}:refund:501`;

  it('publishes one fact per new id, and another per new state or amount', () => {
    const first = detectChanges([withRefund()], NOTHING, context);
    expect(first.refunds).toMatchObject([
      {
        factId,
        orderKey: key,
        revision: 1,
        state: 'WAITING_REFUND',
        final: false,
        amount: { amount: '10.00' },
      },
    ]);
    const known = knownAfter(first);
    expect(detectChanges([withRefund()], known, context).refunds).toEqual([]);
    const paid = detectChanges([withRefund({ refund_state: 'REFUNDED' })], known, context);
    expect(paid.refunds).toMatchObject([{ factId, revision: 2, state: 'REFUNDED', final: true }]);
    const other = detectChanges([withRefund({ amount: 11 })], known, context);
    expect(other.refunds).toMatchObject([{ revision: 2, amount: { amount: '11.00' } }]);
  });

  it('finds a refund that is new inside an order that has not changed otherwise', () => {
    const known = knownAfter(detectChanges([order()], NOTHING, context));
    const changes = detectChanges([withRefund()], known, context);
    expect(changes.orders).toEqual([]);
    expect(changes.refunds).toHaveLength(1);
  });

  it('trap: what has been paid back stays paid back', () => {
    const known = knownAfter(detectChanges([withRefund({ refund_state: 'REFUNDED' })], NOTHING, context));
    expect(
      detectChanges([withRefund({ refund_state: 'WAITING_REFUND_PAYMENT' })], known, context).refunds,
    ).toEqual([]);
  });
});

describe('detectChanges: orders that cannot be read', () => {
  it('reports the same bytes once', () => {
    const first = detectChanges([unreadable('{"a":1}')], NOTHING, context);
    expect(first.unreadable).toMatchObject([{ orderKey: key, revision: 1 }]);
    expect(detectChanges([unreadable('{"a":1}')], knownAfter(first), context).unreadable).toEqual([]);
    expect(detectChanges([unreadable('{"a":2}')], knownAfter(first), context).unreadable).toMatchObject([
      { revision: 2 },
    ]);
  });

  it('goes on with the rest of the page', () => {
    const page = [unreadable('x', 'bad-1'), order(), unreadable('y', null)];
    const changes = detectChanges(page, NOTHING, context);
    expect(changes.orders.map(({ orderKey }) => orderKey)).toEqual([key]);
    expect(changes.unreadable.map(({ orderKey }) => orderKey)).toEqual([
      'maison-fr:bad-1',
      keyOfSourceOrder('maison-fr', unreadable('y', null)),
    ]);
  });

  it('names an order without an id by its bytes', () => {
    expect(keyOfSourceOrder('maison-fr', unreadable('y', null))).toMatch(
      /^maison-fr:unreadable-[0-9a-f]{16}$/,
    );
  });

  it('captures the order normally once it can be read, even with the content it had before', () => {
    const good = knownAfter(detectChanges([order()], NOTHING, context));
    const bad = detectChanges([unreadable('x')], good, context);
    expect(bad.unreadable).toMatchObject([{ revision: 2 }]);
    const known = knownAfter(bad, good);
    expect(detectChanges([order()], known, context).orders).toMatchObject([{ revision: 3 }]);
  });
});

describe('detectChanges: an old answer, as the file of an export is', () => {
  const old = { ...context, source: 'backfill', isOld: true } as const;
  const captured = () =>
    knownAfter(detectChanges([withRefund({ refund_state: 'REFUNDED' })], NOTHING, context));

  it('brings orders that nobody has captured', () => {
    expect(detectChanges([order()], NOTHING, old)).toMatchObject({
      orders: [{ revision: 1 }],
      differing: [],
    });
  });

  it('says nothing of an order that was captured as it is there', () => {
    const { orders, refunds, differing } = detectChanges(
      [withRefund({ refund_state: 'REFUNDED' })],
      captured(),
      old,
    );
    expect([orders, refunds, differing]).toEqual([[], [], []]);
  });

  it('trap: never puts an older content over a newer one; it names the order to be asked for again', () => {
    const changes = detectChanges([order({ order_state: 'STAGING' })], captured(), old);
    expect([changes.orders, changes.refunds, changes.differing]).toEqual([[], [], [key]]);
    const unknownRefund = withRefund({ id: '777' });
    expect(detectChanges([unknownRefund], captured(), old)).toMatchObject({ refunds: [], differing: [key] });
    expect(detectChanges([unreadable('{"half')], captured(), old).differing).toEqual([key]);
  });
});
