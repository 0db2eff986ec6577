import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSandbox, waitUntil, type Sandbox } from '@watertight/testing';
import { policyFor, sandboxControl } from '../sandbox.fixture.ts';
import { runCommand, type Servers, startServers } from '../stack.fixture.ts';
import { type RunningSystem, startSystem, workplace } from '../system.fixture.ts';

// real: [broker, PostgreSQL, HTTP, all four services, the command `up`], double: [Mirakl, Klaviyo]

const DAY_MS = 24 * 60 * 60_000;
const BUYER_ID_KEY = 'a key for tests only, long enough for it';
const RELAYED_ORDERS = 12;
/** The promise: a leak is on the desk within a minute. */
const WITHIN = { deadlineMs: 60_000, pollMs: 250 };

interface Found {
  readonly reason: string;
  readonly marketplaceId: string | null;
  readonly orderKey: string | null;
  readonly state: string;
  readonly owner: string;
  readonly amount: { readonly amount: string; readonly currency: string } | null;
  readonly detail: string | null;
}

interface Group {
  readonly reason: string;
  readonly marketplaceId: string | null;
  readonly owner: string;
  readonly orders: number;
  readonly money: Readonly<Record<string, string>>;
}

const place = workplace();
let servers: Servers;
let sandbox: Sandbox;
let system: RunningSystem;

beforeAll(async () => {
  servers = await startServers();
  sandbox = await startSandbox({
    SANDBOX_HISTORY_ORDERS: '0',
    SANDBOX_HISTORY_END: whole(new Date(Date.now() - 3 * DAY_MS)),
    SANDBOX_LIVE_ORDERS_PER_MINUTE: '0',
    SANDBOX_SEED: '31',
  });
  const control = sandboxControl(sandbox.url);
  await control.post('/live', { ordersPerMinute: 0, frozen: true });
  await control.post('/mirakl', {
    id: 'relay-only',
    contact: { relay: 1 },
    historyOrders: RELAYED_ORDERS,
    historyDays: 10,
  });
  // Ten orders a day for a month, and none for the last three days. Nobody can be reached, so nothing is delivered.
  await control.post('/mirakl', {
    id: 'gone-quiet',
    contact: { absent: 1 },
    historyOrders: 250,
    historyDays: 25,
  });
  system = await startSystem({
    policyFile: place.writePolicy(
      policyFor(sandbox.url, [{ id: 'maison-fr' }, { id: 'relay-only' }, { id: 'gone-quiet' }]),
    ),
    dataDir: place.dataDir,
    env: {
      ...servers.env,
      BUYER_ID_KEY,
      KLAVIYO_API_KEY: 'pk_sandbox',
      KLAVIYO_BASE_URL: `${sandbox.url}/klaviyo`,
      VERIFY_FIRST_AFTER: '1s',
      VERIFY_DEADLINE: '3s',
    },
  });
});

afterAll(async () => {
  await system?.interrupt();
  await sandbox?.stop();
  await servers?.stop();
  place.remove();
});

/** Mirakl's dates have whole seconds. */
function whole(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

interface Planted {
  readonly id: string;
  readonly total: number;
  readonly currency?: string;
  /** When it was made and last changed. */
  readonly minutesAgo?: number;
  /** No search by update date shows it. */
  readonly hidden?: boolean;
}

async function plant({
  id,
  total,
  currency = 'EUR',
  minutesAgo = 0,
  hidden = false,
}: Planted): Promise<void> {
  const at = whole(new Date(Date.now() - minutesAgo * 60_000));
  const order = {
    order_id: id,
    commercial_id: `C-${id}`,
    created_date: at,
    last_updated_date: at,
    order_state: 'SHIPPING',
    currency_iso_code: currency,
    price: total,
    shipping_price: 0,
    total_price: total,
    customer: { customer_id: `customer-${id}`, firstname: 'Ada', lastname: 'Planted' },
    customer_notification_email: `${id.toLowerCase()}@example.com`,
    order_lines: [
      {
        order_line_id: `${id}-1`,
        order_line_state: 'SHIPPING',
        offer_sku: 'PLANT-1',
        product_title: 'Planted',
        quantity: 1,
        price: total,
        price_unit: total,
        shipping_price: 0,
        total_price: total,
      },
    ],
  };
  await sandboxControl(sandbox.url).post(`/mirakl/maison-fr/orders?hidden=${String(hidden)}`, {
    orders: [order],
  });
}

async function exceptions(reason: string, marketplace: string) {
  return system.get<{ exceptions: readonly Found[]; groups: readonly Group[] }>(
    `/exceptions?state=all&reason=${reason}&marketplace=${marketplace}`,
  );
}

const raised = (reason: string, marketplace: string, which: (found: Found) => boolean = () => true) =>
  waitUntil(
    `an exception ${reason} at ${marketplace}`,
    async () => (await exceptions(reason, marketplace)).exceptions.find(which),
    WITHIN,
  );

async function clearFaults(): Promise<void> {
  await fetch(`${sandbox.url}/sandbox/faults`, { method: 'DELETE' });
}

describe('a planted leak is on the desk within a minute, with its owner and its amount', () => {
  it('a marketplace that gives relay addresses only: every order and every euro of it', async () => {
    const { mirakl } = await sandboxControl(sandbox.url).truth();
    const truth = mirakl['relay-only']?.byMeaning['relay'];
    expect(truth?.orders).toBeGreaterThan(RELAYED_ORDERS / 2);
    const group = await waitUntil(
      'all of them to be on the desk',
      async () => {
        const { groups } = await exceptions('contact.relay', 'relay-only');
        return groups.find(({ orders }) => orders === truth?.orders);
      },
      WITHIN,
    );
    expect(group).toMatchObject({ owner: 'marketing', money: truth?.money });
  });

  it('an order that no poll shows: counted, swept for, captured, and told with what it is worth', async () => {
    await waitUntil('a settled balance', async () => (await system.balance()).settled, WITHIN);
    await plant({ id: 'HIDDEN-1', total: 71.3, minutesAgo: 30, hidden: true });
    const counted = await raised('source.count_differs', 'maison-fr');
    expect(counted).toMatchObject({ owner: 'platform' });
    expect(counted.detail).toContain('Mirakl counts 1 order more than were captured');
    const missed = await raised('source.missed_by_poll', 'maison-fr');
    expect(missed).toMatchObject({
      orderKey: 'maison-fr:HIDDEN-1',
      owner: 'platform',
      amount: { amount: '71.30', currency: 'EUR' },
    });
    // It mends itself: the order is captured, and with the next count nothing is missing any more.
    await waitUntil(
      'the difference to be resolved',
      async () => (await exceptions('source.count_differs', 'maison-fr')).exceptions[0]?.state === 'resolved',
      WITHIN,
    );
    expect(await system.balance('?marketplace=maison-fr')).toMatchObject({
      captured: { orders: 1, money: { EUR: '71.30' } },
      difference: { orders: 0, money: { EUR: '0.00' } },
    });
  });

  it('an order in a currency without a rate', async () => {
    await plant({ id: 'POUND-1', total: 80, currency: 'GBP' });
    expect(await raised('mapping.no_rate', 'maison-fr')).toMatchObject({
      orderKey: 'maison-fr:POUND-1',
      owner: 'marketing',
      state: 'open',
      amount: { amount: '80.00', currency: 'GBP' },
    });
  });

  it('an event that Klaviyo accepts and loses, twice', async () => {
    await sandboxControl(sandbox.url).post('/faults', { target: 'klaviyo', kind: 'accept-then-lose' });
    await plant({ id: 'LOST-1', total: 49.9 });
    const lost = await raised(
      'klaviyo.not_found_after_resend',
      'maison-fr',
      ({ orderKey }) => orderKey === 'maison-fr:LOST-1',
    );
    await clearFaults();
    expect(lost).toMatchObject({
      owner: 'platform',
      state: 'open',
      amount: { amount: '49.90', currency: 'EUR' },
    });
    const { buckets } = await system.balance('?marketplace=maison-fr');
    expect(buckets['failed']).toMatchObject({ orders: 1, money: { EUR: '49.90' } });
  });

  it('a marketplace that has gone quiet against its own history', async () => {
    const found = await raised('source.quiet', 'gone-quiet');
    expect(found).toMatchObject({ owner: 'operations', orderKey: null, state: 'open', amount: null });
    // Thirty would have come in three days; chance and the hours of the week move it.
    const expected = Number(/ (\d+) more would have come/.exec(found.detail ?? '')?.[1]);
    expect(expected).toBeGreaterThan(15);
    expect(expected).toBeLessThan(60);
    expect((await exceptions('source.quiet', 'relay-only')).exceptions).toEqual([]);
  });
});

describe('npm run ledger:rebuild', () => {
  const rebuild = () => runCommand('tools/run/ledger-rebuild.mjs', { ...servers.env, BUYER_ID_KEY });

  it('refuses while leakage-monitor runs, and makes the same ledger anew when it has stopped', async () => {
    const { orders } = (await system.balance()).captured;
    const refused = await rebuild();
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('Nothing was changed: leakage-monitor is running');
    expect(await system.interrupt()).toBe(0);
    const rebuilt = await rebuild();
    expect(rebuilt.stdout).toContain(`The ledger has ${orders} orders, from `);
    expect(rebuilt.code).toBe(0);
  });
});
