// real: [Kafka, PostgreSQL, HTTP], double: [Mirakl, by the sandbox]
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '@watertight/service';
import type { MarketplacePolicy } from '@watertight/marketplaces';
import { waitUntil } from '@watertight/testing';
import { Admission } from '../backfill/admission.ts';
import { noteCommands } from '../commands/note-commands.ts';
import { sourceOf } from '../mirakl/source-of.ts';
import { type IngestFixture, startIngest } from '../poll/ingest.fixture.ts';
import { MarketplacePoller } from '../poll/marketplace-poller.ts';
import { MiraklSandbox, type SandboxShop } from '../poll/sandbox.fixture.ts';

let ingest: IngestFixture;
let mirakl: MiraklSandbox;
let shop: SandboxShop;
let stop: AbortController;
let running: Promise<void>;

beforeAll(async () => {
  [ingest, mirakl] = await Promise.all([startIngest(), MiraklSandbox.start()]);
});
beforeEach(async () => {
  await ingest.clear();
  shop = await mirakl.open({ historyOrders: 20 });
});
afterEach(async () => {
  await stopPoller();
  await shop.source.close();
});
afterAll(async () => {
  await mirakl.sandbox.stop();
  await ingest.stop();
});

function startPoller(changes: Partial<MarketplacePolicy> = {}): void {
  stop = new AbortController();
  const policy = { ...shop.policy, ...changes };
  const poller = new MarketplacePoller(policy, {
    ...ingest.parts(sourceOf(policy, systemClock)),
    leases: ingest.leases,
    random: () => 0,
    sweepDays: 14,
    admission: new Admission(async () => 0, systemClock, 1_000),
  });
  running = poller.run(stop.signal);
}

async function stopPoller(): Promise<void> {
  stop.abort();
  await running;
}

const polls = () => ingest.published.outcomesOf('poll_completed').length;
const failures = () => ingest.published.outcomesOf('poll_failed');
const findings = () =>
  new Map(ingest.published.outcomesOf('finding').map(({ check, result }) => [check, result]));
const check = (commandId: string) =>
  noteCommands(ingest.database, [
    {
      commandId,
      type: 'check',
      marketplaceId: shop.id,
      requestedBy: 'ops',
      requestedAt: '2026-03-10T12:00:00Z',
      why: 'spec',
    },
  ]);

describe('the settings of a marketplace', () => {
  it('are read at the start and told, with a finding for each check', async () => {
    startPoller();
    await waitUntil('a poll', () => polls() > 0);
    const [settings] = ingest.published.outcomesOf('marketplace_settings');
    expect(settings).toMatchObject({
      marketplaceId: shop.id,
      shopId: '3001',
      currency: 'EUR',
      taxMode: 'TAX_INCLUDED',
      features: { order_acceptance: 'BOTH', returns_marketplace: 'true' },
    });
    expect(settings?.reasons).toContainEqual({ code: '16', label: 'Item returned', type: 'REFUND' });
    for (const name of ['orders', 'shop', 'currency', 'tax_mode', 'shop_state', 'settings'])
      expect([name, findings().get(name)]).toEqual([name, 'ok']);
  });

  it('stop the marketplace when its tax mode changes, until a person changes the file and restarts', async () => {
    startPoller();
    await waitUntil('a poll', () => polls() > 0);
    await mirakl.control('PATCH', `/mirakl/${shop.id}`, { taxMode: 'TAX_EXCLUDED' });
    await check('c-1');
    await waitUntil('the marketplace to stop', () => failures().length > 0);
    expect(failures()[0]).toMatchObject({ reason: 'source.settings_changed' });
    expect(failures()[0]?.detail).toContain('was TAX_INCLUDED and is TAX_EXCLUDED now');
    expect(findings().get('settings')).toBe('problem');
    const before = polls();
    // A backfill waits as well, and says why.
    await noteCommands(ingest.database, [
      {
        commandId: 'b-1',
        type: 'backfill',
        marketplaceId: shop.id,
        from: shop.policy.backfillFrom.toISOString(),
        to: new Date().toISOString(),
        dryRun: true,
        requestedBy: 'ops',
        requestedAt: '2026-03-10T12:00:00Z',
        why: 'spec',
      },
    ]);
    await waitUntil('the backfill to wait', () =>
      ingest.published
        .outcomesOf('backfill')
        .some(({ state, detail }) => state === 'waiting' && detail?.includes('is TAX_EXCLUDED now')),
    );
    await stopPoller();
    ingest.published.messages = [];

    // A restart alone confirms nothing.
    startPoller();
    await waitUntil('it to be refused again', () => failures().length > 0);
    expect([polls(), before > 0]).toEqual([0, true]);
    await stopPoller();

    startPoller({ orderTaxMode: 'TAX_EXCLUDED' });
    await waitUntil('a poll', () => polls() > 0);
  });

  it('do not stop a marketplace that does not show them', async () => {
    const refused = { target: `mirakl:${shop.id}`, kind: 'status', status: 403 };
    for (const pathPrefix of ['/api/account', '/api/platform', '/api/reasons', '/api/channels'])
      await mirakl.control('POST', '/faults', { ...refused, pathPrefix });
    startPoller();
    await waitUntil('a poll', () => polls() > 0);
    expect(findings().get('account')).toBe('warning');
    expect(ingest.published.outcomesOf('marketplace_settings')[0]).toMatchObject({
      shopId: null,
      reasons: [],
    });
    await mirakl.control('DELETE', '/faults');
  });
});

describe('what a person asks for', () => {
  it('a sweep counts each day and names what is missing, at once', async () => {
    startPoller();
    await waitUntil('a poll', () => polls() > 0);
    const to = new Date();
    const from = new Date(to.getTime() - 3 * 86_400_000);
    const asked = { requestedBy: 'ops', requestedAt: '2026-03-10T12:00:00Z', why: 'spec' };
    await noteCommands(ingest.database, [
      {
        ...asked,
        commandId: 's-1',
        type: 'sweep',
        marketplaceId: shop.id,
        from: from.toISOString(),
        to: to.toISOString(),
      },
    ]);
    const days = () => ingest.published.outcomesOf('day_count');
    await waitUntil('the days to be counted', () => days().length === 4);
    expect(days()[0]?.since).toBe(from.toISOString());
    expect(days()[1]?.since).toMatch(/T00:00:00.000Z$/);
  });
});

describe('the transaction log', () => {
  it('is told line by line, with the refund it is about', async () => {
    const lines = () => ingest.published.outcomesOf('transaction');
    const refunds = () => ingest.published.refunds().filter(({ kind }) => kind === 'refund');
    await startWith(400);
    await waitUntil('lines of refunds', () => lines().length > 0, { deadlineMs: 20_000 });
    const ids = new Set(refunds().map(({ id }) => id));
    for (const { refundId, amount } of lines()) {
      expect(ids.has(refundId ?? '')).toBe(true);
      expect(amount.amount).toMatch(/^-/);
    }
    expect(findings().get('transactions')).toBe('ok');
  });

  it('is a finding where the key may not read it, and orders go on', async () => {
    const pathPrefix = '/api/sellerpayment';
    await mirakl.control('POST', '/faults', {
      target: `mirakl:${shop.id}`,
      kind: 'status',
      status: 403,
      pathPrefix,
    });
    startPoller();
    await waitUntil('the finding', () => findings().get('transactions') === 'warning');
    const before = polls();
    await waitUntil('another poll', () => polls() > before);
    await mirakl.control('DELETE', '/faults');
  });
});

/** Another shop, with enough orders that some were refunded. */
async function startWith(historyOrders: number): Promise<void> {
  await shop.source.close();
  shop = await mirakl.open({ historyOrders });
  startPoller();
}
