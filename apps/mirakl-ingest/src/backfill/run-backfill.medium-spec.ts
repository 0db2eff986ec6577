// real: [Kafka, PostgreSQL, HTTP], double: [Mirakl, by the sandbox]
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { BackfillProgress } from '@watertight/contracts';
import { RetryableError, systemClock } from '@watertight/service';
import { waitUntil } from '@watertight/testing';
import { noteCommands } from '../commands/note-commands.ts';
import type { MiraklSource, OrderPage } from '../mirakl/mirakl-source.ts';
import { type IngestFixture, startIngest } from '../poll/ingest.fixture.ts';
import { pollMarketplace } from '../poll/poll-marketplace.ts';
import { readProgress } from '../poll/progress.store.ts';
import { MiraklSandbox, type SandboxShop } from '../poll/sandbox.fixture.ts';
import { Admission } from './admission.ts';
import { BackfillRunner } from './run-backfill.ts';

const none = new AbortController().signal;
let ingest: IngestFixture;
let mirakl: MiraklSandbox;
let shop: SandboxShop;
let lag: number;

beforeAll(async () => {
  [ingest, mirakl] = await Promise.all([startIngest(), MiraklSandbox.start()]);
});
beforeEach(async () => {
  await ingest.clear();
  lag = 0;
});
afterEach(() => shop.source.close());
afterAll(async () => {
  await mirakl.sandbox.stop();
  await ingest.stop();
});

async function open(historyOrders: number, settings: Record<string, unknown> = {}): Promise<void> {
  shop = await mirakl.open({ historyOrders, ...settings });
}

const parts = (own: MiraklSource = shop.source) => ({
  ...ingest.parts(own),
  random: () => 0,
  admission: new Admission(async () => lag, systemClock, 1_000),
});
const runner = (own?: MiraklSource) => new BackfillRunner(shop.policy, parts(own));
const words = (): BackfillProgress[] => ingest.published.outcomesOf('backfill');
const states = () => words().map(({ state }) => state);
const captured = () => new Set(ingest.published.orders().map(({ orderKey }) => orderKey)).size;

const asked = { requestedBy: 'ops', requestedAt: '2026-03-10T12:00:00Z', why: 'spec' };
const ask = (commandId: string, dryRun = false) =>
  noteCommands(ingest.database, [
    {
      ...asked,
      commandId,
      type: 'backfill',
      marketplaceId: shop.id,
      from: shop.policy.backfillFrom.toISOString(),
      to: new Date().toISOString(),
      dryRun,
    },
  ]);
const tell = (action: 'pause' | 'resume' | 'cancel', backfillId = 'c-1') =>
  noteCommands(ingest.database, [
    {
      ...asked,
      commandId: `${action}-1`,
      type: 'backfill_control',
      marketplaceId: shop.id,
      backfillId,
      action,
    },
  ]);

describe('a backfill by export', () => {
  it('captures all history in slices and files, and says how far it is, with the money to the cent', async () => {
    await open(450, { exportChunkItems: 100, exportMs: 2_000 });
    await ask('c-1');
    await runner().step(none);
    const known = await shop.truth();
    expect(captured()).toBe(450);
    expect([...new Set(states())]).toEqual(['queued', 'running', 'waiting', 'done']);
    expect(states().slice(states().lastIndexOf('waiting') + 1)).toContain('running');
    expect(words().at(-1)).toMatchObject({
      state: 'done',
      route: 'export',
      ordersTotal: 450,
      ordersSeen: 450,
      ordersPublished: 450,
      requestedBy: 'ops',
    });
    expect(words().at(-1)?.klaviyoSeconds).toBeGreaterThan(0);
    expect(words().at(-1)?.money).toEqual([{ currency: 'EUR', amount: known?.money['EUR'] }]);
    expect(ingest.published.orders()[0]).toMatchObject({ source: 'backfill' });
  });

  it('publishes nothing twice when it is asked for again', async () => {
    await open(120);
    await ask('c-1');
    await ask('c-2');
    const one = runner();
    while (await one.step(none));
    expect(ingest.published.orders()).toHaveLength(120);
    expect(words().at(-1)).toMatchObject({
      backfillId: 'c-2',
      state: 'done',
      ordersSeen: 120,
      ordersPublished: 0,
    });
  });

  it('goes on after a crash at any page, and counts every order once', async () => {
    await open(450, { exportChunkItems: 100 });
    await ask('c-1');
    let crashes = 0;
    let published = 0;
    ingest.published.before = () => {
      published += 1;
      if (published % 3 !== 0) return;
      crashes += 1;
      throw new RetryableError('a crash before publishing');
    };
    for (let starts = 0; starts < 60; starts += 1) {
      // Each start is another process: it knows what is in the database.
      const isDone = await runner()
        .step(none)
        .then(
          (hasWorked) => !hasWorked,
          (error: unknown) => {
            if (!(error instanceof RetryableError)) throw error;
            return false;
          },
        );
      if (isDone) break;
    }
    expect(crashes).toBeGreaterThan(3);
    expect(captured()).toBe(450);
    expect(words().at(-1)).toMatchObject({ state: 'done', ordersSeen: 450 });
  });

  it('goes on in the middle of a file that broke off', async () => {
    await open(300, { exportChunkItems: 1_000 });
    const target = `mirakl:${shop.id}`;
    await mirakl.control('POST', '/faults', {
      target,
      kind: 'torn-json',
      times: 1,
      pathPrefix: '/api/orders/async-export/file',
    });
    await ask('c-1');
    await expect(runner().step(none)).rejects.toThrow(RetryableError);
    expect(states()).toContain('waiting');
    while (await runner().step(none));
    expect([captured(), ingest.published.orders().length]).toEqual([300, 300]);
    expect(words().at(-1)).toMatchObject({ state: 'done', ordersSeen: 300 });
  });

  it('never puts the older content of a file over what the fast loop captured meanwhile', async () => {
    await open(5);
    await ask('c-1');
    const { source } = shop;
    const { exports } = source;
    const before = await source.readOrdersCreated(shop.policy.backfillFrom, new Date(), null, none);
    const [first] = before.orders;
    if (first?.kind !== 'readable' || exports === null) throw new Error('the sandbox has no readable order');
    const stale: OrderPage = {
      ...before,
      orders: [{ ...first, order: { ...first.order, state: 'STAGING' } }],
    };
    await pollMarketplace(shop.policy, ingest.parts(shop.source), none);
    const staleExports = {
      statusEveryMs: 1,
      afterRefusalMs: 1,
      create: exports.create.bind(exports),
      status: exports.status.bind(exports),
      async *read() {
        yield stale;
      },
    };
    const count = ingest.published.orders().length;
    await runner(withExports(staleExports)).step(none);
    expect(ingest.published.orders()).toHaveLength(count);
  });

  it.each([
    ['closed', 'listing'],
    ['failing', 'listing'],
  ] as const)('lists the orders where exports are %s', async (exports, route) => {
    await open(230, { exports });
    await ask('c-1');
    await runner().step(none);
    expect(captured()).toBe(230);
    expect(words().at(-1)).toMatchObject({ state: 'done', route, ordersSeen: 230, ordersPublished: 230 });
  });
});

/** The real source, with other exports. */
function withExports(exports: MiraklSource['exports']): MiraklSource {
  return new Proxy(shop.source, {
    get(target, name) {
      if (name === 'exports') return exports;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

describe('a dry run', () => {
  it('counts orders and money and publishes no order', async () => {
    await open(150);
    await ask('c-1', true);
    await runner().step(none);
    const known = await shop.truth();
    expect(ingest.published.orders()).toEqual([]);
    expect(words().at(-1)).toMatchObject({
      state: 'done',
      dryRun: true,
      ordersTotal: 150,
      ordersSeen: 150,
      ordersPublished: 0,
      money: [{ currency: 'EUR', amount: known?.money['EUR'] }],
    });
  });
});

describe('admission and control', () => {
  it('waits while too much is in flight, and goes on when there is room', async () => {
    await open(90);
    lag = 5_000;
    await ask('c-1');
    const running = runner().step(none);
    await waitUntil('the backfill to say what it waits for', () =>
      words().some(({ state, detail }) => state === 'waiting' && detail?.includes('live orders come first')),
    );
    expect(captured()).toBe(0);
    lag = 0;
    await running;
    expect(captured()).toBe(90);
  });

  it('pauses, resumes and cancels, and says so', async () => {
    await open(90);
    await ask('c-1');
    await tell('pause');
    const one = runner();
    expect(await one.step(none)).toBe(false);
    expect(states()).toEqual(['paused']);
    await tell('resume');
    lag = 5_000;
    const running = one.step(none);
    await waitUntil('the backfill to wait', () => states().includes('waiting'));
    await tell('pause');
    await running;
    expect([states().at(-1), captured()]).toEqual(['paused', 0]);
    lag = 0;
    await tell('cancel');
    await one.step(none);
    await tell('resume');
    expect(await one.step(none)).toBe(false);
    expect([states().at(-1), captured()]).toEqual(['cancelled', 0]);
  });
});

describe('the first start of a marketplace with a long history', () => {
  it('polls at once, reads history beside it, and audits only when it has been read', async () => {
    await open(260);
    const poll = () =>
      pollMarketplace(shop.policy, { ...ingest.parts(shop.source), scanHistoryMax: 100 }, none);
    await expect(poll()).resolves.toEqual({ audited: false });
    expect(ingest.published.outcomesOf('poll_completed')).toHaveLength(1);
    expect(captured()).toBeLessThan(260);
    expect(await readProgress(ingest.database, shop.id)).toMatchObject({ historyFrom: null });
    await runner().step(none);
    expect(captured()).toBe(260);
    expect(words().at(-1)).toMatchObject({
      backfillId: `first:${shop.id}`,
      state: 'done',
      requestedBy: 'first start',
    });
    expect(await readProgress(ingest.database, shop.id)).toMatchObject({
      historyFrom: shop.policy.backfillFrom,
    });
    await expect(poll()).resolves.toEqual({ audited: true });
    expect(ingest.published.outcomesOf('count_audit').at(-1)).toMatchObject({ orders: 260 });
    await poll();
    expect(await runner().step(none)).toBe(false);
  });

  it('lets the scan read a short one', async () => {
    await open(30);
    await expect(pollMarketplace(shop.policy, ingest.parts(shop.source), none)).resolves.toEqual({
      audited: true,
    });
    expect([captured(), words()]).toEqual([30, []]);
  });
});
