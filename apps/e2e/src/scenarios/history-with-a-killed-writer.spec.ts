import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSandbox, waitUntil, type Sandbox } from '@watertight/testing';
import { openPage, screenshot, startBrowser } from '../browser.fixture.ts';
import { policyFor, SANDBOX_MARKETPLACES, sandboxControl, type Truth } from '../sandbox.fixture.ts';
import {
  type Balance,
  type RunningSystem,
  startSystem,
  waitUntilBalanced,
  workplace,
} from '../system.fixture.ts';

// real: [broker, PostgreSQL, HTTP, all four services, the command `up`], double: [Mirakl, Klaviyo]

const HISTORY_ORDERS = 600;
const place = workplace();
let sandbox: Sandbox;
let system: RunningSystem;

beforeAll(async () => {
  sandbox = await startSandbox({
    SANDBOX_HISTORY_ORDERS: String(HISTORY_ORDERS),
    SANDBOX_LIVE_ORDERS_PER_MINUTE: '0',
    SANDBOX_SEED: '7',
  });
});

afterAll(async () => {
  await system?.interrupt();
  await sandbox?.stop();
  place.remove();
});

const start = (): Promise<RunningSystem> =>
  startSystem({
    policyFile: place.writePolicy(policyFor(sandbox.url, SANDBOX_MARKETPLACES)),
    dataDir: place.dataDir,
    env: { KLAVIYO_API_KEY: 'pk_sandbox', KLAVIYO_BASE_URL: `${sandbox.url}/klaviyo` },
  });

function expectTheLaw(balance: Balance, truth: Truth): void {
  expect(balance.source).toMatchObject({ orders: truth.totals.orders, money: truth.totals.money });
  expect(balance.captured).toEqual(balance.source);
  const inBuckets = Object.values(balance.buckets).reduce((sum, bucket) => sum + bucket.orders, 0);
  expect(inBuckets).toBe(truth.totals.orders);
  expect(truth.klaviyo).toMatchObject({ doubled: 0, forbiddenCalls: 0, throttled: 0 });
}

describe('a year of history, with the writer killed in the middle', () => {
  it('ends with difference 0 in number and money, nothing lost and nothing doubled', async () => {
    system = await start();
    const control = sandboxControl(sandbox.url);
    await waitUntil('the first events at Klaviyo', async () => (await control.truth()).klaviyo.events > 20, {
      deadlineMs: 60_000,
    });
    const writer = system.pidOf('klaviyo-writer');
    process.kill(writer, 'SIGKILL');
    await waitUntil('another writer', () => system.pidOf('klaviyo-writer') !== writer, {
      deadlineMs: 30_000,
    });

    const balance = await waitUntilBalanced(system, { orders: HISTORY_ORDERS });
    expectTheLaw(balance, await control.truth());
    expect(system.up.stderr.join('\n')).toContain('klaviyo-writer: died (killed by SIGKILL)');
    expect(balance.buckets['verified']?.orders).toBeGreaterThan(HISTORY_ORDERS / 5);
    expect(balance.buckets['uncaptured_contact']?.orders).toBeGreaterThan(0);
    expect(balance.buckets['not_a_sale']?.orders).toBeGreaterThan(0);
    expect(balance.buckets['failed']?.orders).toBe(0);
  });

  it('refuses the API without the token', async () => {
    const response = await fetch(`${system.url}/api/v1/balance`);
    expect(response.status).toBe(401);
  });

  it('tells the story of one order from Mirakl to the read-back', async () => {
    const { orders } = await system.get<{ orders: { orderKey: string }[] }>('/orders?bucket=verified');
    const orderKey = orders[0]?.orderKey ?? '';
    const story = await system.get<{ bucket: string; timeline: { chapter: string }[] }>(
      `/orders/${encodeURIComponent(orderKey)}`,
    );
    expect(story.bucket).toBe('verified');
    expect(new Set(story.timeline.map(({ chapter }) => chapter))).toEqual(
      new Set(['mirakl_said', 'we_understood', 'klaviyo_answered', 'read_back']),
    );
  });

  it('shows the balance and the story in the console, in a real browser', async () => {
    const browser = await startBrowser();
    try {
      const { page, complaints } = await openPage(browser, `${system.url}/?token=${system.token}`);
      await page
        .getByTestId('difference')
        .filter({ hasText: 'difference 0 orders' })
        .waitFor({ timeout: 20_000 });
      expect(page.url()).not.toContain(system.token);
      const balance = await system.balance();
      const counted = await page.getByTestId('source-orders').textContent();
      expect(counted?.replace(/\D/g, '')).toBe(String(balance.source.orders));
      await screenshot(page, 'overview-light');

      const { orders } = await system.get<{ orders: { orderId: string }[] }>('/orders?bucket=verified');
      await page.getByTestId('search').fill(orders[0]?.orderId ?? '');
      await page.keyboard.press('Enter');
      await page
        .getByRole('link', { name: orders[0]?.orderId ?? '', exact: true })
        .first()
        .click();
      await page.getByTestId('story-bucket').filter({ hasText: 'Verified' }).waitFor({ timeout: 10_000 });
      await page.getByText('Read back: verified').first().waitFor({ timeout: 10_000 });
      await screenshot(page, 'order-story-light');
      expect(complaints).toEqual([]);

      const phone = await openPage(browser, `${system.url}/?token=${system.token}`, {
        width: 390,
        height: 844,
        colorScheme: 'dark',
      });
      await phone.page.getByTestId('difference').waitFor({ timeout: 20_000 });
      await screenshot(phone.page, 'overview-phone-dark');
      const sideways = await phone.page.evaluate('document.documentElement.scrollWidth > innerWidth');
      expect(sideways).toBe(false);
    } finally {
      await browser.close();
    }
  });

  it('knows everything after a restart on the same data, and goes on with live trade', async () => {
    const before = await system.balance();
    expect(await system.interrupt()).toBe(0);
    system = await start();
    const control = sandboxControl(sandbox.url);
    expect((await system.balance()).captured.orders).toBe(before.captured.orders);

    await control.live(120);
    await waitUntil(
      'ten live orders',
      async () => (await control.truth()).totals.orders >= HISTORY_ORDERS + 10,
      {
        deadlineMs: 60_000,
      },
    );
    await control.live(0);
    const target = (await control.truth()).totals.orders;
    const balance = await waitUntil(
      'all live orders in a settled balance',
      async () => {
        const now = await system.balance();
        return now.settled && now.source.orders >= target && now.difference.orders === 0 ? now : undefined;
      },
      { deadlineMs: 60_000 },
    );
    expect(balance.captured.orders).toBe(target);
    expect((await control.truth()).klaviyo).toMatchObject({ doubled: 0, forbiddenCalls: 0, throttled: 0 });
  });

  it('writes no address and no name into any log', async () => {
    const logs = system.logs();
    expect(logs.length).toBeGreaterThan(100);
    const { events } = await sandboxEvents();
    expect(events.length).toBeGreaterThan(100);
    const leaked = [...new Set(events.map(({ email }) => email))].filter((email) =>
      logs.toLowerCase().includes(email.toLowerCase()),
    );
    expect(leaked).toEqual([]);
    for (const key of ['pk_sandbox', 'sandbox-maison-fr-key', system.token]) expect(logs).not.toContain(key);
  });
});

async function sandboxEvents(): Promise<{ events: { email: string }[] }> {
  const response = await fetch(`${sandbox.url}/sandbox/klaviyo/events`);
  const body = (await response.json()) as { events: { email: string }[] } | { email: string }[];
  return Array.isArray(body) ? { events: body } : body;
}
