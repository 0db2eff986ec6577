import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSandbox, waitUntil, type Sandbox } from '@watertight/testing';
import { policyFor, sandboxControl } from '../sandbox.fixture.ts';
import {
  type Balance,
  type RunningSystem,
  startSystem,
  waitUntilBalanced,
  workplace,
} from '../system.fixture.ts';
import { BAD_ORDERS } from './bad-orders.fixture.ts';

// real: [broker, PostgreSQL, HTTP, all four services, the command `up`], double: [Mirakl, Klaviyo]

const HISTORY_ORDERS = 60;
const place = workplace();
let sandbox: Sandbox;
let system: RunningSystem;

beforeAll(async () => {
  sandbox = await startSandbox({
    SANDBOX_HISTORY_ORDERS: String(HISTORY_ORDERS),
    SANDBOX_LIVE_ORDERS_PER_MINUTE: '0',
    SANDBOX_SEED: '11',
  });
  const control = sandboxControl(sandbox.url);
  await control.post('/mirakl/nordmarkt-de/orders', { orders: BAD_ORDERS.map(({ raw }) => raw) });
  system = await startSystem({
    policyFile: place.writePolicy(
      policyFor(sandbox.url, [
        { id: 'nordmarkt-de' },
        { id: 'maison-fr', key: 'a-key-that-is-wrong', emailFrom: ['additional:customer-email'] },
      ]),
    ),
    dataDir: place.dataDir,
    env: { KLAVIYO_API_KEY: 'pk_sandbox', KLAVIYO_BASE_URL: `${sandbox.url}/klaviyo` },
  });
});

afterAll(async () => {
  await system?.interrupt();
  await sandbox?.stop();
  place.remove();
});

describe('bad input', () => {
  it('blocks nobody: the rest of the page goes on, and the balance holds', async () => {
    const truth = await sandboxControl(sandbox.url).truth();
    const expected = truth.mirakl['nordmarkt-de']?.orders ?? 0;
    expect(expected).toBeGreaterThan(BAD_ORDERS.length);
    const balance = await waitUntilBalancedFor('nordmarkt-de', expected);
    expect(balance.source.orders).toBe(expected);
    const unreadable = BAD_ORDERS.filter(({ bucket }) => bucket === 'failed');
    expect(balance.buckets['failed']?.orders).toBe(unreadable.length);
    expect(balance.difference.orders).toBe(0);
  });

  it.each(BAD_ORDERS)('gives an order its outcome and its reason: $what', async (order) => {
    const story = await storyOf(order.ledgerId);
    const amount = story.amount && `${story.amount.amount} ${story.amount.currency}`;
    const { bucket, reason } = story;
    expect({ bucket, reason, amount }).toEqual({
      bucket: order.bucket,
      reason: order.reason,
      amount: order.amount,
    });
  });

  it('names the marketplace whose key is wrong, without showing the key', async () => {
    const log = await waitUntil('a line about the key', () => {
      const lines = system.logs().split('\n');
      return lines.find((line) => line.includes('maison-fr') && /apiKey/i.test(line));
    });
    expect(log).not.toContain('a-key-that-is-wrong');
    const { marketplaces } = await system.get<{
      marketplaces: { id: string; lastFailure: { reason: string } | null }[];
    }>('/marketplaces');
    const failing = marketplaces.find(({ id }) => id === 'maison-fr');
    expect(failing?.lastFailure?.reason).toBe('source.unreachable');
  });

  it('captures the order normally once it can be read', async () => {
    const updated = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
    const fields = { total_price: 12.5, order_state: 'REFUSED', last_updated_date: updated };
    const broken = BAD_ORDERS.find(({ ledgerId }) => ledgerId === 'AMOUNT-WORDS');
    await sandboxControl(sandbox.url).post('/mirakl/nordmarkt-de/orders', {
      orders: [{ ...broken?.raw, ...fields }],
    });
    const story = await waitUntil(
      'the order to be read',
      async () => {
        const now = await storyOf('AMOUNT-WORDS');
        return now.bucket === 'not_a_sale' ? now : undefined;
      },
      { deadlineMs: 30_000 },
    );
    expect(story.amount).toEqual({ amount: '12.50', currency: 'EUR' });
    await waitUntilBalancedFor('nordmarkt-de', 1);
  });
});

interface Story {
  readonly bucket: string;
  readonly reason: string | null;
  readonly amount: { readonly amount: string; readonly currency: string } | null;
}

function storyOf(orderId: string): Promise<Story> {
  return system.get<Story>(`/orders/${encodeURIComponent(`nordmarkt-de:${orderId}`)}`);
}

function waitUntilBalancedFor(marketplace: string, orders: number): Promise<Balance> {
  return waitUntilBalanced(
    { ...system, balance: () => system.balance(`?marketplace=${marketplace}`) },
    { orders, deadlineMs: 60_000 },
  );
}
