import { describe, expect, it } from '@jest/globals';
import { openSandbox, startMs, type Answered, type OpenSandbox } from '../sandbox.fixture.ts';
import { decimalsOf, toAmountText, toMinor } from './amounts.ts';
import { createHistory } from './history.ts';
import { Marketplace } from './marketplace.ts';
import { defaultMarketplaces, type MarketplaceProfile } from './marketplace-profile.ts';
import { lineTotal, taxSum, type TradeOrder } from './trade-order.ts';

const dayMs = 86_400_000;

function historyOf(id: string, orders: number, seed = 1): Marketplace {
  const profile = defaultMarketplaces.find((candidate) => candidate.id === id);
  const marketplace = new Marketplace(profile as MarketplaceProfile, seed);
  createHistory(marketplace, { orders, days: 365, endMs: startMs });
  return marketplace;
}

const traded = (marketplace: Marketplace): readonly TradeOrder[] =>
  marketplace.orders.filter((order): order is TradeOrder => order.kind === 'traded');

describe('amounts', () => {
  it.each([
    ['EUR', 4990, '49.90', 49.9],
    ['JPY', 4990, '4990', 4990],
    ['KWD', 1, '0.001', 0.001],
    ['EUR', -5, '-0.05', -0.05],
    ['EUR', 110, '1.10', 1.1],
  ] as const)('%s are exact both ways', (currency, minor, text, amount) => {
    expect(toAmountText(minor, currency)).toBe(text);
    expect(toMinor(amount, currency)).toBe(minor);
    expect(minor / 10 ** decimalsOf(currency)).toBe(amount);
  });

  it('with too many decimals are not readable', () => {
    expect(toMinor(0.005, 'EUR')).toBeUndefined();
    expect(toMinor(1.5, 'JPY')).toBeUndefined();
    expect(toMinor(1e-7, 'EUR')).toBeUndefined();
  });
});

describe('a history', () => {
  it('is the same for the same seed, and another for another', () => {
    const [one, same, other] = [
      historyOf('maison-fr', 200),
      historyOf('maison-fr', 200),
      historyOf('maison-fr', 200, 2),
    ];
    expect(JSON.stringify(one.orders)).toBe(JSON.stringify(same.orders));
    expect(JSON.stringify(one.orders)).not.toBe(JSON.stringify(other.orders));
  });

  it('holds exactly as many orders as asked for, all in the past, in order of creation', async () => {
    expect(
      (await openSandbox({ historyOrders: 1200 }).call('GET', '/sandbox/truth')).body.totals.orders,
    ).toBe(1200);
    const { orders } = historyOf('maison-fr', 777);
    expect(orders).toHaveLength(777);
    const created = orders.map(({ createdMs }) => createdMs);
    expect(created).toEqual([...created].sort((left, right) => left - right));
    expect(Math.max(...orders.map(({ updatedMs }) => updatedMs))).toBeLessThan(startMs);
    expect(Math.min(...created)).toBeGreaterThanOrEqual(startMs - 365 * dayMs);
  });

  it('shows every end an order can come to', () => {
    const orders = traded(historyOf('maison-fr', 2_000));
    const lines = orders.flatMap((order) => order.lines);
    const refunds = lines.flatMap((line) => line.refunds);
    expect(orders.map(({ state }) => state)).toEqual(
      expect.arrayContaining(['CLOSED', 'REFUSED', 'CANCELED']),
    );
    expect(orders.some((order) => order.state === 'CANCELED' && order.acceptedMs === null)).toBe(true);
    expect(orders.some((order) => order.state === 'CANCELED' && order.acceptedMs !== null)).toBe(true);
    expect(
      orders.some(
        (order) => order.state === 'CLOSED' && order.lines.some((line) => line.state === 'REFUSED'),
      ),
    ).toBe(true);
    expect(lines.some((line) => line.refunds.length > 1)).toBe(true);
    expect(refunds.some((refund) => refund.quantity === 0 && refund.amount > 0)).toBe(true);
    expect(refunds.some((refund) => refund.quantity === null && refund.amount > 0)).toBe(true);
    expect(refunds.some((refund) => refund.amount === 0 && refund.shippingAmount > 0)).toBe(true);
    expect(lines.some((line) => line.cancelations.some(({ quantity }) => quantity === 0))).toBe(true);
    expect(orders.some((order) => order.reasonCode === 'AUTO_RECEIVED')).toBe(true);
  });

  it('has ties: orders of one second, and nights that close many at once', () => {
    const { orders } = historyOf('maison-fr', 2_000);
    const updated = Map.groupBy(orders, ({ updatedMs }) => updatedMs);
    expect(Math.max(...[...updated.values()].map((group) => group.length))).toBeGreaterThan(5);
    expect(new Set(orders.map(({ createdMs }) => createdMs)).size).toBeLessThan(1_950);
    expect(new Set(orders.map(({ orderId }) => orderId)).size).toBe(2_000);
  });

  it('has buyers who come back, and write their address in several ways', () => {
    const marketplace = historyOf('nordmarkt-de', 1_000);
    const contacts = traded(marketplace)
      .map((order) => marketplace.contactOf(order))
      .filter(({ kind }) => kind === 'direct');
    const emails = new Set(contacts.map(({ email }) => email));
    expect(emails.size).toBeLessThan(contacts.length * 0.75);
    expect(new Set(contacts.map(({ notificationEmail }) => notificationEmail)).size).toBeGreaterThan(
      emails.size + 20,
    );
    for (const { notificationEmail, email } of contacts)
      expect(notificationEmail?.trim().toLowerCase()).toBe(email);
  });

  it('invents its people: every address is in a domain kept for examples', () => {
    const marketplace = historyOf('maison-fr', 300);
    for (const order of traded(marketplace))
      expect(marketplace.buyerOf(order).email).toMatch(/@(?:\w+\.)?example\.(?:com|org|net)$/);
  });

  it('never refunds or cancels more than was paid, to the last cent of tax', () => {
    for (const { id } of defaultMarketplaces) {
      for (const line of traded(historyOf(id, 500)).flatMap((order) => order.lines)) {
        const original =
          line.unitPrice *
          (line.quantity + line.cancelations.reduce((sum, { quantity }) => sum + quantity, 0));
        const cancelled = line.cancelations.reduce((sum, { amount }) => sum + amount, 0);
        expect(line.price + cancelled).toBe(original);
        const refunded = line.refunds.reduce(
          (sum, { amount, shippingAmount, feeAmount }) => sum + amount + shippingAmount + feeAmount,
          0,
        );
        expect(refunded).toBeLessThanOrEqual(lineTotal(line));
        const refundedTax = line.refunds.reduce(
          (sum, { taxes, shippingTaxes }) => sum + taxSum(taxes) + taxSum(shippingTaxes),
          0,
        );
        const tax = taxSum(line.taxes) + taxSum(line.shippingTaxes);
        expect(refundedTax).toBeLessThanOrEqual(tax + 1);
        if (refunded === lineTotal(line)) expect(refundedTax).toBe(tax);
        for (const one of [...line.taxes, ...line.shippingTaxes]) {
          expect(one.remitted).toBeGreaterThanOrEqual(0);
          expect(one.remitted).toBeLessThanOrEqual(one.amount);
        }
      }
    }
  });
});

describe('live trade', () => {
  const states = async (open: OpenSandbox): Promise<Answered['body']> =>
    (await open.call('GET', '/sandbox/truth')).body;
  const pass = async (open: OpenSandbox, seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      open.clock.nowMs += 1000;
      open.sandbox.state.tick();
    }
  };

  it('brings about as many orders as asked for, and they come to their ends', async () => {
    const open = openSandbox({ ordersPerMinute: 30 });
    await pass(open, 600);
    const before = await states(open);
    expect(before.totals.orders).toBeGreaterThan(230);
    expect(before.totals.orders).toBeLessThan(370);
    await open.call('POST', '/sandbox/live', { ordersPerMinute: 0 });
    await pass(open, 400);
    const after = await states(open);
    expect(after.totals.orders).toBe(before.totals.orders);
    expect(after.live.living).toBe(0);
    expect(Object.keys(after.mirakl['maison-fr'].byState).sort()).toEqual(['CANCELED', 'CLOSED', 'REFUSED']);
  });

  it('stands still when frozen', async () => {
    const open = openSandbox({ ordersPerMinute: 60 });
    await pass(open, 30);
    await open.call('POST', '/sandbox/live', { ordersPerMinute: 0, frozen: true });
    const before = await states(open);
    await pass(open, 60);
    expect((await states(open)).mirakl).toEqual(before.mirakl);
  });

  it('lets the past stand still until there is live trade, then live on', async () => {
    const open = openSandbox({ historyOrders: 1_000 });
    const before = await states(open);
    await pass(open, 100);
    expect((await states(open)).mirakl).toEqual(before.mirakl);
    await open.call('POST', '/sandbox/live', { ordersPerMinute: 0.001, lifeSpeed: 20 });
    await pass(open, 600);
    expect((await states(open)).mirakl['maison-fr'].byState.RECEIVED).toBeUndefined();
  });

  it('is the same for the same seed', async () => {
    const run = async (): Promise<unknown> => {
      const open = openSandbox({ ordersPerMinute: 60, lifeSpeed: 5 });
      await pass(open, 120);
      return (await states(open)).mirakl;
    };
    expect(await run()).toEqual(await run());
  });
});
