import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSandbox, waitUntil, type Sandbox } from '@watertight/testing';
import type { Browser, Page } from 'playwright-core';
import readExcel from 'read-excel-file/node';
import { screenshot, startBrowser } from '../browser.fixture.ts';
import { policyFor, SANDBOX_MARKETPLACES, sandboxControl } from '../sandbox.fixture.ts';
import { type RunningSystem, startSystem, workplace } from '../system.fixture.ts';
import { seriousFaults } from './accessibility.fixture.ts';
import { type AlertReceiver, alertsTo, startAlertReceiver } from './alert-receiver.fixture.ts';
import { CONSOLE_PAGES, hasText, isLoaded, openConsole } from './console.fixture.ts';
import { AUDIENCE, type Issuer, startIssuer } from './issuer.fixture.ts';

// real: [Chromium, broker, PostgreSQL, HTTP, all four services, the console as it is built, the command `up`],
// double: [Mirakl, Klaviyo, the identity provider]

const HISTORY_ORDERS = 240;
const BROKEN = 'nordmarkt-de:BROKEN-1';
const place = workplace();
let sandbox: Sandbox;
let issuer: Issuer;
let receiver: AlertReceiver;
let system: RunningSystem;
let browser: Browser;

interface Row {
  readonly orderKey: string;
  readonly orderId: string;
  readonly amount: { readonly amount: string; readonly currency: string } | null;
}

async function oneOrder(query: string): Promise<Row> {
  const { orders } = await system.get<{ orders: readonly Row[] }>(`/orders?${query}&limit=1`);
  const [order] = orders;
  if (order === undefined) throw new Error(`no order for ${query}`);
  return order;
}

beforeAll(async () => {
  sandbox = await startSandbox({
    SANDBOX_HISTORY_ORDERS: String(HISTORY_ORDERS),
    SANDBOX_HISTORY_DAYS: '60',
    SANDBOX_LIVE_ORDERS_PER_MINUTE: '0',
    SANDBOX_SEED: '23',
  });
  const control = sandboxControl(sandbox.url);
  // Nothing moves any more, so that what is read twice is the same twice.
  await control.post('/live', { ordersPerMinute: 0, frozen: true });
  // An order whose money cannot be read: it fails, a person must act, and it can be replayed.
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
  issuer = await startIssuer();
  receiver = await startAlertReceiver();
  system = await startSystem({
    policyFile: place.writePolicy(`${policyFor(sandbox.url, SANDBOX_MARKETPLACES)}${alertsTo(receiver.url)}`),
    dataDir: place.dataDir,
    env: {
      KLAVIYO_API_KEY: 'pk_sandbox',
      KLAVIYO_PRIVACY_API_KEY: 'pk_sandbox_privacy',
      KLAVIYO_BASE_URL: `${sandbox.url}/klaviyo`,
      ALERT_SECRET: 'a-secret-of-the-receiver',
      OIDC_ISSUER: issuer.url,
      OIDC_AUDIENCE: AUDIENCE,
    },
  });
  browser = await startBrowser();
  await waitUntil(
    'every order to be verified, without a contact, or failed',
    async () => {
      const balance = await system.balance();
      const moving = balance.leaking.filter(
        ({ bucket, reason }) => bucket === 'in_flight' && reason !== 'mapping.awaiting_acceptance',
      );
      const isThere = balance.settled && balance.source.orders >= HISTORY_ORDERS;
      return isThere && moving.length === 0 && balance.difference.orders === 0 ? true : undefined;
    },
    { deadlineMs: 180_000, pollMs: 500 },
  );
});

afterAll(async () => {
  await browser?.close();
  await system?.interrupt();
  await sandbox?.stop();
  issuer?.stop();
  receiver?.stop();
  place.remove();
});

/** `from=2026-01&to=2026-12`: this month and those before it. */
function lastMonths(count: number): string {
  const now = new Date();
  const month = (back: number) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1)).toISOString().slice(0, 7);
  return `from=${month(count - 1)}&to=${month(0)}`;
}

/** Runs one story in a console of its own and expects that the page had nothing to complain about. */
async function inConsole(story: (page: Page) => Promise<void>, view = {}): Promise<void> {
  const { page, complaints } = await openConsole(browser, system, view);
  try {
    await story(page);
  } catch (cause) {
    await screenshot(page, `failed-${expect.getState().currentTestName?.replaceAll(/\W+/g, '-') ?? 'test'}`);
    throw cause;
  }
  expect(complaints).toEqual([]);
  await page.context().close();
}

describe('the console', () => {
  it('answers on its first screen what is leaking, how much, and whose job it is', async () => {
    await inConsole(async (page) => {
      const balance = await system.balance();
      const verdict = page.getByTestId('verdict');
      await hasText(verdict, /is leaking/);
      await hasText(verdict, /Marketing: [\d,]+ orders?/);
      expect(await page.getByTestId('source-orders').innerText()).toContain(String(balance.source.orders));
      expect(await page.getByTestId('bucket-verified').innerText()).toBe(
        String(balance.buckets['verified']?.orders),
      );
      await hasText(page.getByTestId('difference'), /0 orders.*✓/);
    });
  });

  it('finds an order by its number and tells its story, from Mirakl to the read-back', async () => {
    const order = await oneOrder('bucket=verified');
    await inConsole(async (page) => {
      await page.keyboard.press('/');
      await page.keyboard.type(order.orderId);
      await page.keyboard.press('Enter');
      await page.getByRole('link', { name: order.orderId, exact: true }).first().click();
      await page.getByRole('heading', { level: 1, name: order.orderId }).waitFor();
      await hasText(page.getByTestId('story-bucket'), 'Verified');
      for (const chapter of ['Mirakl said', 'We understood', 'Klaviyo answered', 'Read back']) {
        await hasText(page.locator('.mantine-Timeline-item'), chapter);
      }
      // A link leads a colleague to the same story.
      await page.goto(page.url());
      await page.getByRole('heading', { level: 1, name: order.orderId }).waitFor();
      await screenshot(page, 'story-light');
    });
  });

  it('masks the address, and reveals it to an operator who says why', async () => {
    const order = await oneOrder('bucket=verified');
    await inConsole(async (page) => {
      await page.goto(`${system.url}/orders?order=${encodeURIComponent(order.orderKey)}`);
      await page.getByRole('button', { name: 'Reveal …' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Why do you need it?').fill('The buyer has called');
      await dialog.getByRole('button', { name: 'Reveal' }).click();
      await hasText(dialog, /\w+@[\w.]*example\.(com|org|net)/);
      await page.keyboard.press('Escape');
      await page.goto(`${system.url}/operations?view=audit`);
      await hasText(page.getByRole('row'), /The buyer has called/);
    });
  });

  it('claims a contact, and the order becomes verified while one watches', async () => {
    const order = await oneOrder('bucket=uncaptured_contact&reason=contact.relay');
    await inConsole(async (page) => {
      await page.goto(`${system.url}/orders?order=${encodeURIComponent(order.orderKey)}`);
      await hasText(page.getByTestId('story-bucket'), 'No contact');
      await page.getByRole('button', { name: 'Claim the contact …' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel(/email address/).fill('claimed.buyer@example.com');
      await dialog.getByLabel(/Where does it come from/).fill('The buyer wrote to us');
      await dialog.getByRole('button', { name: 'Look what it does' }).click();
      await dialog.getByTestId('claim-preview').waitFor();
      await dialog.getByRole('button', { name: 'Claim', exact: true }).click();
      await hasText(page.getByTestId('story-bucket'), 'Verified', 60_000);
      expect(page.url()).not.toContain('claimed');
    });
  });

  it('previews a CSV of contacts line by line before it claims them', async () => {
    const order = await oneOrder('bucket=uncaptured_contact&marketplace=techno-us');
    await inConsole(async (page) => {
      await page.goto(`${system.url}/exceptions?view=claims`);
      await page
        .getByLabel('Or paste the lines')
        .fill(`order,email\n${order.orderId},csv.buyer@example.com\nNO-SUCH-ORDER,other@example.com\n`);
      await page.getByLabel(/Where do the addresses come from/).fill('Warranty cards');
      await page.getByRole('button', { name: 'Look what matches' }).click();
      await hasText(page.getByRole('status'), /1 orders match/);
      await hasText(page.getByRole('status'), /1 lines claim nothing/);
      await page.getByRole('button', { name: 'Claim 1' }).click();
      await hasText(page.getByRole('region', { name: 'Contact claims' }), order.orderKey, 30_000);
    });
  });

  it('assigns an exception and takes it back, accepts one with a reason and takes that back', async () => {
    await inConsole(async (page) => {
      await page.goto(`${system.url}/exceptions?reason=source.unparseable&view=list`);
      const row = page.getByRole('row').filter({ hasText: BROKEN });
      await row.getByRole('checkbox').check();
      await page.getByRole('button', { name: 'Assign …' }).click();
      await page.getByRole('menuitem', { name: /To me/ }).click();
      await hasText(row, /assigned · local/);
      await page.getByRole('button', { name: 'Undo' }).click();
      await hasText(row, /^(?!.*local)/s);

      await row.getByRole('checkbox').check();
      await page.getByRole('button', { name: 'Accept …' }).click();
      const dialog = page.getByRole('dialog');
      await hasText(dialog.getByTestId('preview'), /1 selected: 1 are accepted/);
      await dialog.getByLabel('Why?').fill('A test order of the operator');
      await dialog.getByRole('button', { name: 'Accept', exact: true }).click();
      await hasText(page.locator('main'), /Nothing here/);
      await page.goto(`${system.url}/exceptions?reason=source.unparseable&view=list&state=accepted`);
      await hasText(page.getByRole('row'), BROKEN);
    });
  });

  it('replays an exception after a preview, once', async () => {
    await inConsole(async (page) => {
      await page.goto(`${system.url}/exceptions?reason=source.unparseable&view=list&state=all`);
      await page.getByRole('row').filter({ hasText: BROKEN }).getByRole('button').first().click();
      const drawer = page.getByRole('dialog', { name: 'Exception' });
      const reopen = drawer.getByRole('button', { name: 'Open again' });
      await reopen.click();
      await drawer.getByRole('button', { name: 'Replay, with preview …' }).click();
      const dialog = page.getByRole('dialog', { name: 'Replay the failed step' });
      await dialog.getByTestId('preview').waitFor();
      await dialog.getByLabel('Why?').fill('The operator has mended the order');
      await dialog.getByRole('button', { name: 'Replay', exact: true }).click();
      await hasText(drawer.getByTestId('last-replay'), /by local/);
      // The second time it warns, and wants a tick.
      await drawer.getByRole('button', { name: 'Replay, with preview …' }).click();
      await hasText(dialog, 'This was done before');
      expect(await dialog.getByRole('button', { name: 'Replay', exact: true }).isDisabled()).toBe(true);
    });
  });

  it('lets a viewer look, and refuses one who tries to replay', async () => {
    const token = await issuer.tokenFor('vera', 'viewer');
    const context = await browser.newContext({ extraHTTPHeaders: { authorization: `Bearer ${token}` } });
    const page = await context.newPage();
    await page.goto(`${system.url}/orders?order=${encodeURIComponent(BROKEN)}`);
    await page.getByRole('heading', { level: 1, name: 'BROKEN-1' }).waitFor();
    await hasText(page.getByRole('button'), /vera · viewer/);
    expect(await page.getByRole('button', { name: /Replay/ }).count()).toBe(0);
    const status = await page.evaluate(async (orderKey) => {
      const answer = await fetch(`/api/v1/orders/${encodeURIComponent(orderKey)}/replay`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-watertight-console': '1' },
        body: JSON.stringify({ why: 'I would like to' }),
      });
      return answer.status;
    }, BROKEN);
    expect(status).toBe(403);
    await context.close();
  });

  it('downloads finance as a spreadsheet that adds up to what the page says', async () => {
    await inConsole(async (page) => {
      const months = lastMonths(12);
      await page.goto(`${system.url}/finance?${months}`);
      await isLoaded(page, 'Finance');
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'XLSX' }).click(),
      ]);
      const sheets = await readExcel(await download.path());
      const [sheet] = sheets;
      const rows = sheet?.data ?? [];
      const head = (rows[0] ?? []).map(String);
      const column = (name: RegExp): number => {
        const at = head.findIndex((title) => name.test(title));
        if (at < 0) throw new Error(`no column ${name} in ${head.join(', ')}`);
        return at;
      };
      const currencyAt = column(/^currency$/i);
      const salesAt = column(/^sales$/i);
      const finance = await system.get<{ totals: { currency: string; sales: string }[] }>(
        `/finance?${months}`,
      );
      expect(finance.totals.length).toBeGreaterThan(0);
      for (const { currency, sales } of finance.totals) {
        const cents = rows
          .slice(1)
          .filter((row) => row[currencyAt] === currency)
          .reduce((sum, row) => sum + Math.round(Number(row[salesAt]) * 100), 0);
        expect({ currency, cents }).toEqual({ currency, cents: Math.round(Number(sales) * 100) });
        const shown = await page.getByTestId(`total-sales-${currency}`).innerText();
        expect(shown.replaceAll(/[^\d]/g, '')).toBe(String(cents));
      }
    });
  });

  it('writes a decision into a weekly review and signs it', async () => {
    await inConsole(async (page) => {
      await page.goto(`${system.url}/review`);
      await isLoaded(page, 'Weekly review');
      await page.getByLabel('A new decision').fill('Ask Techno to share addresses');
      await page.getByRole('button', { name: 'Write it down' }).click();
      await hasText(page.locator('main'), 'Ask Techno to share addresses');
      await page.getByLabel('Note (optional)').fill('Held with marketing');
      await page.getByRole('button', { name: /^Sign / }).click();
      await hasText(page.getByTestId('signature'), /local.*Held with marketing/);
    });
  });

  it('tests a route of alerts, and keeps it visible when nobody took what was told', async () => {
    await inConsole(async (page) => {
      await page.goto(`${system.url}/operations?view=alerts`);
      const routes = page.getByRole('region', { name: 'Where alerts go' });
      const told = page.getByRole('region', { name: 'What was told' });
      const test = routes.getByRole('button', { name: 'Test desk' });
      receiver.refuse(true);
      await test.click();
      await hasText(told.getByRole('row'), /test.*desk.*failed after 1 attempt:.*503/s);
      await hasText(routes.getByRole('row'), /desk.*failing/s);
      receiver.refuse(false);
      await test.click();
      await hasText(told.getByRole('row'), /test.*desk.*delivered/s);
      await hasText(routes.getByRole('row'), /^(?!.*failing).*desk.*ago/s);
      expect(receiver.taken.at(-1)).toMatchObject({ what: 'test' });
      await hasText(told.getByRole('row'), /failed after 1 attempt:.*503/s);
    });
  });

  it('counts what a backfill would load, and shows how far it has come', async () => {
    await inConsole(async (page) => {
      await page.goto(`${system.url}/marketplaces?marketplace=maison-fr`);
      await page.getByRole('button', { name: 'Start a backfill …' }).click();
      const dialog = page.getByRole('dialog');
      const from = new Date(Date.now() - 30 * 24 * 60 * 60_000).toISOString().slice(0, 10);
      await dialog.getByLabel('Orders created from').fill(from);
      await dialog.getByLabel('Why?').fill('Before the season');
      await dialog.getByRole('button', { name: 'Count only' }).click();
      await page.goto(`${system.url}/operations`);
      const backfills = page.getByRole('region', { name: 'Backfills' });
      await hasText(
        backfills.getByRole('row'),
        /maison-fr, dry run.*by local.*done.*\d+ of \d+ orders/s,
        60_000,
      );
    });
  });

  it('erases a person after saying what it is about, and shows the receipt of every stage', async () => {
    const [event] = await sandboxControl(sandbox.url).events();
    const email = event?.email ?? '';
    await inConsole(async (page) => {
      await page.goto(`${system.url}/operations?view=erasures`);
      await page.getByRole('button', { name: 'Erase a person …' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Their email address').fill(email);
      await dialog.getByLabel('Why?').fill('They asked us to');
      await dialog.getByRole('button', { name: 'Look what it is about' }).click();
      await hasText(dialog.getByRole('status'), /[1-9]\d* orders of this person are known/);
      await dialog.getByRole('button', { name: 'Erase for good' }).click();
      const erased = page.getByRole('region', { name: 'Erasures' }).getByRole('row');
      await hasText(erased, /They asked us to.*✓ mapper.*complete/s, 60_000);
      expect(await page.locator('main').innerText()).not.toContain(email);
    });
  });

  it('shows which replica polls which marketplace, and leads from each gap to its runbook', async () => {
    await inConsole(async (page) => {
      await page.goto(`${system.url}/operations`);
      const leases = page.getByRole('region', { name: 'Who polls what' });
      await hasText(leases.getByRole('row'), /maison-fr.*fresh.*\/[0-9a-f]{8}/s);
      await page.goto(`${system.url}/exceptions`);
      await page.getByRole('link', { name: 'Runbook: contact.relay' }).first().click();
      await page.getByRole('heading', { level: 3, name: 'contact.relay' }).waitFor();
    });
  });

  it('leads to every page by the keyboard alone', async () => {
    await inConsole(async (page) => {
      await page.keyboard.press('e');
      await isLoaded(page, 'Exceptions');
      await page.keyboard.press('g');
      await page.keyboard.press('o');
      await isLoaded(page, 'Orders');
      await page.keyboard.press('g');
      await page.keyboard.press('f');
      await isLoaded(page, 'Finance');
      await page.keyboard.press('?');
      await isLoaded(page, 'Help');
    });
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`has no serious fault of accessibility on any page, ${colorScheme}`, async () => {
      await inConsole(
        async (page) => {
          const faults: Record<string, string[]> = {};
          for (const { path, name, heading } of CONSOLE_PAGES) {
            await page.goto(`${system.url}${path}`);
            await isLoaded(page, heading);
            const found = await seriousFaults(page);
            if (found.length > 0) faults[name] = found;
            await screenshot(page, `${name}-${colorScheme}`);
          }
          expect(faults).toEqual({});
        },
        { colorScheme, height: 1_000 },
      );
    });
  }

  it('fits a phone of 390 pixels: no page scrolls sideways', async () => {
    await inConsole(
      async (page) => {
        const tooWide: string[] = [];
        for (const { path, name, heading } of CONSOLE_PAGES) {
          await page.goto(`${system.url}${path}`);
          await isLoaded(page, heading);
          const extra = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
          if (extra > 0) tooWide.push(`${name}: ${extra} px`);
          await screenshot(page, `${name}-phone`);
        }
        expect(tooWide).toEqual([]);
        await page.getByRole('button', { name: 'Open the navigation' }).click();
        await page.getByRole('link', { name: /Exceptions/ }).click();
        await isLoaded(page, 'Exceptions');
      },
      { width: 390, height: 844 },
    );
  });
});
