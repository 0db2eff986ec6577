import { describe, expect, it } from '@jest/globals';
import { openSandbox, singleEvent, type Answered, type OpenSandbox } from '../sandbox.fixture.ts';
import type { Json } from '../http/json.ts';

/** A marketplace with one traded order of one line, waiting for acceptance. */
async function withOneOrder(
  settings: { readonly [key: string]: Json } = {},
): Promise<{ open: OpenSandbox; id: string; total: () => Promise<string> }> {
  const open = openSandbox({ ordersPerMinute: 0 });
  await open.call('POST', '/sandbox/mirakl', { id: 'corner-shop', tradeShare: 1_000_000_000, ...settings });
  await open.call('POST', '/sandbox/live', { ordersPerMinute: 60, lifeSpeed: 0.001 });
  for (let second = 0; second < 30; second += 1) {
    open.clock.nowMs += 1000;
    open.sandbox.state.tick();
  }
  await open.call('POST', '/sandbox/live', { ordersPerMinute: 0, frozen: true });
  const orders = (await open.call('GET', '/sandbox/mirakl/corner-shop/orders')).body;
  const id: string = orders.find(
    (order: Answered['body']) => order.lines.length === 1 && order.lines[0].quantity > 1,
  ).orderId;
  const total = async (): Promise<string> =>
    (await open.call('GET', `/sandbox/mirakl/corner-shop/orders?id=${id}`)).body[0].amount;
  return { open, id, total };
}

const advance = (open: OpenSandbox, id: string, change: Json): Promise<Answered> =>
  open.call('POST', `/sandbox/mirakl/corner-shop/orders/${id}/advance`, change);
const shown = async (open: OpenSandbox, id: string): Promise<Answered['body']> =>
  (await open.mirakl('corner-shop', `?order_ids=${id}`)).body.orders[0];

describe('an order moved by hand', () => {
  it('takes on the dates of the states it skipped', async () => {
    const { open, id } = await withOneOrder();
    await advance(open, id, { to: 'SHIPPED' });
    const order = await shown(open, id);
    expect(order.order_state).toBe('SHIPPED');
    expect([
      order.acceptance_decision_date,
      order.customer_debited_date,
      order.order_lines[0].shipped_date,
    ]).not.toContain(null);
    expect(order.order_lines[0].received_date).toBeNull();
  });

  it('keeps its total when refunded or refused, and loses what is cancelled', async () => {
    const { open, id, total } = await withOneOrder();
    const before = await total();
    await advance(open, id, { refund: { amount: 1.5, quantity: 0 } });
    await advance(open, id, { refund: { shippingAmount: 0.01, quantity: null } });
    expect(await total()).toBe(before);
    const line = (await shown(open, id)).order_lines[0];
    expect(
      line.refunds.map((refund: Answered['body']) => [
        refund.amount,
        refund.shipping_amount,
        refund.quantity,
        refund.refund_state,
      ]),
    ).toEqual([
      [1.5, 0, 0, 'WAITING_REFUND'],
      [0, 0.01, null, 'WAITING_REFUND'],
    ]);
    await advance(open, id, { cancel: { amount: 1, quantity: 0 } });
    expect(Number(await total())).toBeCloseTo(Number(before) - 1, 6);
    await advance(open, id, { to: 'REFUSED' });
    expect(Number(await total())).toBeCloseTo(Number(before) - 1, 6);
  });

  it('that is cancelled as a whole moves all its worth into cancelations', async () => {
    const { open, id, total } = await withOneOrder();
    const before = await total();
    await advance(open, id, { to: 'CANCELED' });
    const { order_state: state, total_price: price, order_lines: lines } = await shown(open, id);
    const [{ amount, shipping_amount: shipping, fees }] = lines[0].cancelations;
    const fee = fees.reduce((sum: number, one: { amount: number }) => sum + one.amount, 0);
    expect([state, price, await total()]).toEqual(['CANCELED', 0, '0.00']);
    expect((amount + shipping + fee).toFixed(2)).toBe(before);
  });

  it('ends a refund without moving the update date where the marketplace is so', async () => {
    for (const refundEndsSilently of [true, false]) {
      const { open, id } = await withOneOrder({ refundEndsSilently });
      const refundId = (await advance(open, id, { refund: { amount: 1 } })).body[0].lines[0].refunds[0].id;
      open.clock.nowMs += 60_000;
      await advance(open, id, { advanceRefund: refundId });
      const waiting = await shown(open, id);
      open.clock.nowMs += 60_000;
      await advance(open, id, { advanceRefund: refundId });
      const paid = await shown(open, id);
      expect(waiting.order_lines[0].refunds[0].refund_state).toBe('WAITING_REFUND_PAYMENT');
      expect(paid.order_lines[0].refunds[0].refund_state).toBe('REFUNDED');
      expect(paid.last_updated_date === waiting.last_updated_date).toBe(refundEndsSilently);
    }
  });

  it('refuses what cannot be', async () => {
    const { open, id } = await withOneOrder();
    expect((await advance(open, 'nobody', { to: 'SHIPPED' })).status).toBe(404);
    expect((await advance(open, id, { to: 'LOST' })).status).toBe(400);
    expect((await advance(open, id, { refund: { lineId: 'x', amount: 1 } })).status).toBe(404);
    expect((await advance(open, id, { refund: { amount: 0.001 } })).status).toBe(400);
  });
});

describe('the truth about money', () => {
  const worth = async (order: Json, settings: { readonly [key: string]: Json } = {}): Promise<Json> => {
    const open = openSandbox();
    await open.call('POST', '/sandbox/mirakl', { id: 'corner-shop', ...settings });
    await open.call('POST', '/sandbox/mirakl/corner-shop/orders', order);
    const { money, unreadable } = (await open.call('GET', '/sandbox/truth')).body.mirakl['corner-shop'];
    return { money, unreadable };
  };
  const tax = (amount: number, parts?: readonly (readonly [number, boolean])[]): Json => ({
    code: 'T',
    amount,
    ...(parts
      ? {
          amount_breakdown: {
            parts: parts.map(([part, payable]) => ({ amount: part, payable_to_shop: payable })),
          },
        }
      : {}),
  });
  const order = (
    taxes: readonly Json[],
    shippingTaxes: readonly Json[] = [],
  ): { readonly [key: string]: Json } => ({
    order_id: 'A',
    currency_iso_code: 'USD',
    total_price: 100.1,
    order_lines: [{ taxes, shipping_taxes: shippingTaxes }],
  });

  it('counts tax that the shop owes, never tax that the operator remits', async () => {
    const taxes = [
      tax(8.25),
      tax(6, [
        [2, true],
        [4, false],
      ]),
      tax(5, [[5, false]]),
    ];
    const money = await worth(order(taxes, [tax(0.5)]), { taxMode: 'TAX_EXCLUDED' });
    expect(money).toEqual({ money: { USD: '110.85' }, unreadable: 0 });
  });

  it('believes the order about its tax mode before the marketplace', async () => {
    const included = { ...order([tax(8.25)]), order_tax_mode: 'TAX_INCLUDED' };
    expect(await worth(included, { taxMode: 'TAX_EXCLUDED' })).toEqual({
      money: { USD: '100.10' },
      unreadable: 0,
    });
  });

  it.each([
    [{ order_id: 'A', total_price: '12' }],
    [{ order_id: 'A' }],
    ['no order at all'],
    [{ order_id: 'A', total_price: 1.005 }],
  ])('counts an order whose amount cannot be read in number only', async (raw) => {
    expect(await worth([raw])).toEqual({ money: {}, unreadable: 1 });
  });

  it('agrees with what Mirakl shows, added up by another hand', async () => {
    const open = openSandbox({ historyOrders: 400 });
    const { mirakl } = (await open.call('GET', '/sandbox/truth')).body;
    for (const marketplace of ['maison-fr', 'techno-us', 'nordmarkt-de']) {
      let cents = 0;
      for (let offset = 0; offset < 400; offset += 100) {
        for (const one of (await open.mirakl(marketplace, `?max=100&offset=${offset}`)).body.orders) {
          cents += Math.round(one.total_price * 100);
          if (one.order_tax_mode === 'TAX_INCLUDED') continue;
          for (const line of one.order_lines) {
            for (const { amount_breakdown: breakdown } of [...line.taxes, ...line.shipping_taxes]) {
              for (const part of breakdown.parts)
                if (part.payable_to_shop) cents += Math.round(part.amount * 100);
            }
          }
        }
      }
      expect(Object.values(mirakl[marketplace].money)).toEqual([(cents / 100).toFixed(2)]);
      const meanings: readonly { orders: number }[] = Object.values(mirakl[marketplace].byMeaning);
      expect(meanings.reduce((sum, { orders }) => sum + orders, 0)).toBe(mirakl[marketplace].orders);
    }
  });

  it('can be asked for orders since a date', async () => {
    const open = openSandbox({ historyOrders: 400 });
    const some = (await open.call('GET', '/sandbox/truth?from=2026-06-01T00:00:00Z')).body.totals.orders;
    expect(some).toBeGreaterThan(150);
    expect(some).toBeLessThan(250);
  });
});

describe('the control API', () => {
  it('gives other integrations metrics of their own, whatever they are called', async () => {
    const open = openSandbox();
    await open.call('POST', '/sandbox/klaviyo/metrics', { name: 'Placed Order', integration: 'Shopify' });
    const named = async (query = ''): Promise<readonly unknown[]> =>
      (await open.klaviyo('GET', `/api/metrics${query}`)).body.data.map(
        ({ attributes }: Answered['body']) => `${attributes.name} (${attributes.integration.name})`,
      );
    expect(await named()).toEqual(['Placed Order (Shopify)']);
    expect(await named('?filter=equals(integration.name,"API")')).toEqual([]);
  });

  it('lets time go on at once: what is due by then happens', async () => {
    const open = openSandbox();
    await open.klaviyo('POST', '/api/events', singleEvent({ id: 'a' }));
    const stored = async (): Promise<number> =>
      (await open.call('GET', '/sandbox/truth')).body.klaviyo.events;
    expect(await stored()).toBe(0);
    const { body } = await open.call('POST', '/sandbox/clock', { skipMs: 3_600_000 });
    expect(Date.parse(body.now) - open.clock.nowMs).toBe(3_600_000);
    expect(await stored()).toBe(1);
  });

  it('goes back to the beginning', async () => {
    const open = openSandbox({ historyOrders: 60 });
    const before = (await open.call('GET', '/sandbox/truth')).body;
    await open.call('POST', '/sandbox/mirakl', { id: 'corner-shop' });
    await open.call('POST', '/sandbox/faults', { target: 'klaviyo', kind: 'status' });
    await open.call('POST', '/sandbox/klaviyo', { storeDelayMs: 5 });
    await open.call('POST', '/sandbox/reset');
    expect((await open.call('GET', '/sandbox/truth')).body).toEqual(before);
  });

  it('opens a marketplace with its own key, currency and past', async () => {
    const open = openSandbox();
    const opened = await open.call('POST', '/sandbox/mirakl', {
      id: 'kuwait',
      currency: 'KWD',
      key: 'other',
      historyOrders: 30,
      historyDays: 10,
    });
    expect(opened.body).toEqual({ id: 'kuwait', key: 'other', shopId: 3001 });
    const answer = await open.mirakl('kuwait', '?max=100', 'other');
    expect(answer.body.total_count).toBe(30);
    const money = (await open.call('GET', '/sandbox/truth')).body.mirakl.kuwait.money.KWD;
    expect(money).toMatch(/^\d+\.\d{3}$/);
    const total = answer.body.orders.reduce(
      (sum: number, { total_price: price }: { total_price: number }) => sum + Math.round(price * 1000),
      0,
    );
    expect((total / 1000).toFixed(3)).toBe(money);
  });

  it('names everything that is wrong with a body', async () => {
    const answer = await openSandbox().call('POST', '/sandbox/faults', {
      target: 'nobody',
      kind: 'sulk',
      colour: 'red',
    });
    expect(answer.status).toBe(400);
    expect(answer.body.message).toMatch(/target.*kind/s);
  });
});
