import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSandbox, waitUntil, type Sandbox } from '@watertight/testing';
import { policyFor, sandboxControl } from '../sandbox.fixture.ts';
import { type RunningSystem, startSystem, waitUntilBalanced, workplace } from '../system.fixture.ts';
import { runCommand, startCommand } from './command.fixture.ts';

// real: [broker, PostgreSQL, HTTP, all four services, the commands `up`, `backfill`, `doctor`], double: [Mirakl, Klaviyo]

/** More than a first scan reads by itself, so that it is a backfill's. */
const HISTORY_ORDERS = 3_100;
const SHOP = 'maison-alt';
const since = new Date(Date.now() - 400 * 86_400_000).toISOString().slice(0, 10);

interface Progress {
  readonly backfillId: string;
  readonly state: string;
  readonly route: string | null;
  readonly ordersSeen: number;
  readonly ordersTotal: number | null;
  readonly ordersPublished: number;
  readonly detail: string | null;
}

const place = workplace();
let sandbox: Sandbox;
let control: ReturnType<typeof sandboxControl>;
let system: RunningSystem;
let policyFile: string;

beforeAll(async () => {
  sandbox = await startSandbox({ SANDBOX_HISTORY_ORDERS: '0', SANDBOX_LIVE_ORDERS_PER_MINUTE: '0' });
  control = sandboxControl(sandbox.url);
  const past = { historyOrders: HISTORY_ORDERS, historyDays: 300, exportMs: 500, exportChunkItems: 1_000 };
  await control.post('/mirakl', { id: SHOP, ...past });
  policyFile = place.writePolicy(policyFor(sandbox.url, [{ id: SHOP, backfillFrom: since }]));
  system = await startSystem({
    policyFile,
    dataDir: place.dataDir,
    env: {
      KLAVIYO_API_KEY: 'pk_sandbox',
      KLAVIYO_BASE_URL: `${sandbox.url}/klaviyo`,
      // So little that it waits after every page: there is a middle to be killed in, on any machine.
      BACKFILL_MAX_IN_FLIGHT: '300',
    },
  });
});

afterAll(async () => {
  await system?.interrupt();
  await sandbox?.stop();
  place.remove();
});

async function progressOf(backfillId: string): Promise<Progress | undefined> {
  const { backfills } = await system.get<{ backfills: readonly Progress[] }>('/backfills');
  return backfills.find((one) => one.backfillId === backfillId);
}

const untilSeen = (orders: number): Promise<Progress> =>
  waitUntil(
    `${orders} orders of the history`,
    async () => {
      const progress = await progressOf(`first:${SHOP}`);
      return progress !== undefined && progress.ordersSeen >= orders ? progress : undefined;
    },
    { deadlineMs: 90_000, pollMs: 100 },
  );

const backfill = (...args: readonly string[]): Parameters<typeof startCommand> => [
  'backfill.mjs',
  [...args, '--data', place.dataDir],
];

describe('a long history, read by export while the ingest is killed', () => {
  it('lets a live order through while it waits', async () => {
    await untilSeen(200);
    await control.post(`/mirakl/${SHOP}/orders`, { orders: [liveOrder('LIVE-1', new Date())] });
    await waitUntil(
      'the live order at Klaviyo',
      async () => (await system.get<{ bucket: string }>(`/orders/${SHOP}%3ALIVE-1`)).bucket === 'verified',
      { deadlineMs: 60_000, pollMs: 100 },
    );
    const progress = await progressOf(`first:${SHOP}`);
    expect(['running', 'waiting']).toContain(progress?.state);
    expect(progress?.ordersSeen).toBeLessThan(HISTORY_ORDERS);
  });

  it('goes on where it stood after a kill -9, and the balance is what Mirakl has', async () => {
    const before = await untilSeen(1_000);
    expect(before.ordersSeen).toBeLessThan(HISTORY_ORDERS);
    const ingest = system.pidOf('mirakl-ingest');
    process.kill(ingest, 'SIGKILL');
    await waitUntil('another ingest', () => system.pidOf('mirakl-ingest') !== ingest, {
      deadlineMs: 30_000,
    });

    const done = await waitUntil(
      'the end of the history',
      async () => {
        const progress = await progressOf(`first:${SHOP}`);
        return progress?.state === 'done' ? progress : undefined;
      },
      { deadlineMs: 150_000, pollMs: 250 },
    );
    // Each order counts once, however often its page was read.
    expect(done).toMatchObject({ route: 'export', ordersSeen: HISTORY_ORDERS, ordersTotal: HISTORY_ORDERS });

    const truth = await control.truth();
    expect(truth.totals.orders).toBe(HISTORY_ORDERS + 1);
    const balance = await waitUntilBalanced(system, { orders: HISTORY_ORDERS + 1 });
    expect(balance.source).toMatchObject({ orders: truth.totals.orders, money: truth.totals.money });
    expect(balance.captured).toEqual(balance.source);
    expect(balance.buckets['failed']?.orders).toBe(0);
    expect(truth.klaviyo).toMatchObject({ doubled: 0, forbiddenCalls: 0, throttled: 0 });
    expect(system.up.stderr.join('\n')).toContain('mirakl-ingest: died (killed by SIGKILL)');
  });
});

describe('npm run backfill', () => {
  it('counts first, and publishes nothing', async () => {
    const { code, stdout } = await runCommand(
      ...backfill('--marketplace', SHOP, '--from', since, '--dry-run'),
    );
    expect(stdout).toContain(`${HISTORY_ORDERS + 1} orders would be read; nothing was published.`);
    expect(stdout).toMatch(/^ {2}\d+\.\d\d EUR$/m);
    expect(stdout).toMatch(/Klaviyo takes about \d+ (s|min) for them/);
    expect(code).toBe(0);
  });

  it('can be watched, paused, resumed and cancelled from another terminal', async () => {
    await setExportMs(60_000);
    const running = startCommand(...backfill('--marketplace', SHOP, '--from', since));
    const waits = 'Mirakl makes the files of the export';
    const says = (command: typeof running, text: string, times = 1) =>
      waitUntil(`${times} x "${text}"`, () => command.stderr().split(text).length > times, {
        deadlineMs: 30_000,
      });
    await says(running, waits);
    const [, id = ''] = /^backfill (\S+)$/m.exec(running.stderr()) ?? [];
    const listed = await runCommand(...backfill('--list'));
    expect(listed.stdout.split('\n')[0]).toBe(id);

    // Ctrl-C ends the watching, and nothing else.
    const watching = startCommand(...backfill('--watch', id));
    await says(watching, waits);
    watching.child.kill('SIGINT');
    expect(await watching.exited).toBe(0);
    expect(watching.stdout()).toContain(`npm run backfill -- --watch ${id}`);

    expect((await runCommand(...backfill('--pause', id))).code).toBe(0);
    await says(running, 'paused');
    expect((await runCommand(...backfill('--resume', id))).code).toBe(0);
    await says(running, waits, 2);
    expect((await runCommand(...backfill('--cancel', id))).code).toBe(0);
    expect(await running.exited).toBe(1);
    expect(running.stdout()).toBe('No order was read.\nIt ended as cancelled.\n');
    expect((await runCommand(...backfill('--resume', id))).stderr).toContain('It is cancelled');
  });

  it('says in a sentence what cannot be', async () => {
    const wrongName = await runCommand(...backfill('--marketplace', 'maison', '--from', since));
    expect(wrongName).toMatchObject({ code: 1, stdout: '' });
    expect(wrongName.stderr).toBe('There is no marketplace "maison" in marketplaces.yaml (HTTP 404)\n');
    const wrongToken = await runCommand(...backfill('--list', '--token', 'another'));
    expect(wrongToken.stderr).toMatch(/refuses the token/);
  });
});

describe('npm run doctor', () => {
  it('finds the schema of every service, and what each lacks in an empty database', async () => {
    const doctor = await runCommand('doctor.mjs', ['--marketplaces', policyFile, '--json'], {
      KLAVIYO_API_KEY: 'pk_sandbox',
      KLAVIYO_BASE_URL: `${sandbox.url}/klaviyo`,
      DATABASE_URL: databaseUrl('watertight'),
    });
    expect({ code: doctor.code, said: doctor.stdout.match(/.*"problem".*/g) }).toEqual({
      code: 0,
      said: null,
    });
    const full = migrationsIn(doctor.stdout);
    expect(full.map(({ result }) => result)).toEqual(['ok', 'ok', 'ok', 'ok']);

    const schema = await runCommand('doctor-schema.main.ts', [], { DATABASE_URL: databaseUrl('postgres') });
    const empty = migrationsIn(schema.stdout);
    expect(empty.map(({ result }) => result)).toEqual(['warning', 'warning', 'warning', 'warning']);
    const sentences = empty.map(({ detail }) => detail).join('\n');
    for (const service of ['mirakl-ingest', 'profile-mapper', 'klaviyo-writer', 'leakage-monitor'])
      expect(sentences).toMatch(new RegExp(`${service} runs \\d+ migrations`));
  });
});

interface Finding {
  readonly check: string;
  readonly result: string;
  readonly detail: string;
}

/** A database of the running system's own server. */
function databaseUrl(database: string): string {
  const kept = (name: string) => readFileSync(join(place.dataDir, 'postgres', name), 'utf8').trim();
  return `postgresql://postgres:${kept('password')}@127.0.0.1:${kept('port')}/${database}`;
}

function migrationsIn(stdout: string): readonly Finding[] {
  const all = stdout
    .trim()
    .split('\n')
    .map((line): Finding => JSON.parse(line));
  return all.filter(({ check }) => check === 'migrations');
}

async function setExportMs(exportMs: number): Promise<void> {
  const response = await fetch(`${sandbox.url}/sandbox/mirakl/${SHOP}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ exportMs }),
  });
  if (!response.ok) throw new Error(`the sandbox answered ${response.status}: ${await response.text()}`);
}

function liveOrder(orderId: string, at: Date): Record<string, unknown> {
  const now = at.toISOString().replace(/\.\d+Z$/, 'Z');
  return {
    order_id: orderId,
    commercial_id: orderId,
    created_date: now,
    last_updated_date: now,
    order_state: 'SHIPPING',
    currency_iso_code: 'EUR',
    price: 20,
    shipping_price: 0,
    total_price: 20,
    customer_notification_email: 'live.buyer@example.org',
    customer: { customer_id: 'c-live', firstname: 'Live', lastname: 'Buyer' },
    order_lines: [
      {
        order_line_id: `${orderId}-1`,
        order_line_state: 'SHIPPING',
        offer_sku: 'LAMP',
        product_title: 'Lamp',
        quantity: 1,
        price_unit: 20,
        price: 20,
        total_price: 20,
      },
    ],
  };
}
