import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSandbox, type Sandbox } from '@watertight/testing';
import { policyFor, sandboxControl } from '../sandbox.fixture.ts';
import { type RunningSystem, startSystem, waitUntilBalanced, workplace } from '../system.fixture.ts';

// real: [broker, PostgreSQL, HTTP, all four services, the command `up`, the payloads], double: [Mirakl, Klaviyo]

const folder = fileURLToPath(new URL('../../../../../shared/reference/mirakl', import.meta.url));
const files = existsSync(folder) ? readdirSync(folder).filter((name) => /^or11-.*\.json$/.test(name)) : [];
if (files.length === 0) console.warn(`skipped: no real payloads of Mirakl in ${folder}`);

interface Fate {
  readonly bucket: string;
  /** Null when verified: the contact was direct. */
  readonly reason: string | null;
  readonly amount: string;
  readonly events: readonly string[];
}

const absent = (amount: string): Fate => ({
  bucket: 'uncaptured_contact',
  reason: 'contact.absent',
  amount,
  events: [],
});

// Worked out by hand from each payload, under direct_only with customer_notification_email as the only field.
const FATES: Readonly<Record<string, Fate>> = {
  // The one order with a direct address, and closed: it was placed and fulfilled.
  '1611DBLLZ-MP002191-A': {
    bucket: 'verified',
    reason: null,
    amount: '94.49 EUR',
    events: ['placed', 'fulfilled'],
  },
  '1611DBLMN-MP002191-A': absent('86.98 EUR'),
  '1611DBLMO-MP002191-A': absent('86.98 EUR'),
  'Order_00010-A': {
    bucket: 'uncaptured_contact',
    reason: 'contact.relay',
    amount: '213.00 USD',
    events: [],
  },
  '1589994114581-1589994114581-A': {
    bucket: 'not_a_sale',
    reason: 'mapping.refused',
    amount: '570.00 USD',
    events: [],
  },
  // The address field is there and empty.
  '000000086-A': absent('100.80 EUR'),
  'ECI-1-A': absent('39.90 EUR'),
  'ECI-2-A': absent('99.90 EUR'),
  'ECI-3-A': absent('24.90 EUR'),
  // Its customer_id is an address, and customer_id is never read for one.
  '1234561-A': absent('114.24 EUR'),
};

interface Story {
  readonly bucket: string;
  readonly reason: string | null;
  readonly amount: { readonly amount: string; readonly currency: string } | null;
  readonly events: readonly { readonly type: string; readonly outcome: string | null }[];
}

const place = workplace();
let sandbox: Sandbox;
let system: RunningSystem;

/** Some files hold an answer, some a single order. */
function ordersIn(file: string): readonly { readonly order_id: string }[] {
  const parsed = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  return parsed.orders ?? [parsed];
}

const orders = files.flatMap(ordersIn);

(files.length === 0 ? describe.skip : describe)('real payloads of OR11, served as they are', () => {
  beforeAll(async () => {
    sandbox = await startSandbox({ SANDBOX_HISTORY_ORDERS: '0', SANDBOX_LIVE_ORDERS_PER_MINUTE: '0' });
    await sandboxControl(sandbox.url).post('/mirakl/maison-fr/orders', { orders });
    system = await startSystem({
      policyFile: place.writePolicy(
        policyFor(sandbox.url, [{ id: 'maison-fr', backfillFrom: '2010-01-01' }]),
      ),
      dataDir: place.dataDir,
      env: { KLAVIYO_API_KEY: 'pk_sandbox', KLAVIYO_BASE_URL: `${sandbox.url}/klaviyo` },
    });
    await waitUntilBalanced(system, { orders: orders.length });
  });

  afterAll(async () => {
    await system?.interrupt();
    await sandbox?.stop();
    place.remove();
  });

  it('are the ones whose fate is stated here', () => {
    expect(orders.map(({ order_id }) => order_id).sort()).toEqual(Object.keys(FATES).sort());
  });

  it.each(Object.entries(FATES))('%s', async (orderId, fate) => {
    const story = await system.get<Story>(`/orders/${encodeURIComponent(`maison-fr:${orderId}`)}`);
    expect({
      bucket: story.bucket,
      reason: story.reason,
      amount: story.amount === null ? null : `${story.amount.amount} ${story.amount.currency}`,
      events: story.events.map(({ type }) => type),
    }).toEqual(fate);
  });

  it('add up: ten orders, 648.19 EUR and 783.00 USD, difference 0', async () => {
    const balance = await system.balance();
    expect(balance.source).toMatchObject({ orders: 10, money: { EUR: '648.19', USD: '783.00' } });
    expect(balance.difference).toMatchObject({ orders: 0, money: { EUR: '0.00', USD: '0.00' } });
  });
});

// A clone without the folder: a file of nothing but skipped tests would fail as empty.
if (files.length === 0) {
  it('says why it skips when the payloads are not there', () => {
    expect(existsSync(folder)).toBe(false);
  });
}
