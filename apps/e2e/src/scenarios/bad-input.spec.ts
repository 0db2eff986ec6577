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
  await control.post('/mirakl/nordmarkt-de/orders', {
    orders: [
      {
        order_id: 'BROKEN-1',
        created_date: '2026-01-05T10:00:00Z',
        order_state: 'SHIPPING',
        order_lines: [],
      },
    ],
  });
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
  it('accounts for an order that cannot be read, and blocks nobody', async () => {
    const truth = await sandboxControl(sandbox.url).truth();
    const expected = truth.mirakl['nordmarkt-de']?.orders ?? 0;
    const balance = await waitUntilBalancedFor('nordmarkt-de', expected);
    expect(balance.source.orders).toBe(expected);
    expect(balance.buckets['failed']?.orders).toBe(1);
    expect(balance.difference.orders).toBe(0);
    const story = await system.get<{ bucket: string; reason: string }>('/orders/nordmarkt-de%3ABROKEN-1');
    expect(story).toMatchObject({ bucket: 'failed', reason: 'source.unparseable' });
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
    await sandboxControl(sandbox.url).post('/mirakl/nordmarkt-de/orders', {
      orders: [
        {
          order_id: 'BROKEN-1',
          commercial_id: 'BROKEN',
          created_date: '2026-01-05T10:00:00Z',
          last_updated_date: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
          order_state: 'REFUSED',
          currency_iso_code: 'EUR',
          price: 12.5,
          shipping_price: 0,
          total_price: 12.5,
          customer: { customer_id: 'c-1', firstname: 'A', lastname: 'B' },
          order_lines: [],
        },
      ],
    });
    const story = await waitUntil(
      'the order to be read',
      async () => {
        const now = await system.get<{ bucket: string; amount: { amount: string } | null }>(
          '/orders/nordmarkt-de%3ABROKEN-1',
        );
        return now.bucket === 'not_a_sale' ? now : undefined;
      },
      { deadlineMs: 30_000 },
    );
    expect(story.amount).toEqual({ amount: '12.50', currency: 'EUR' });
    await waitUntilBalancedFor('nordmarkt-de', 1);
  });
});

function waitUntilBalancedFor(marketplace: string, orders: number): Promise<Balance> {
  return waitUntilBalanced(
    { ...system, balance: () => system.balance(`?marketplace=${marketplace}`) },
    { orders, deadlineMs: 60_000 },
  );
}
