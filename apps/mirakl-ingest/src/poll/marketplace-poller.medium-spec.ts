// real: [Kafka, PostgreSQL, HTTP], double: [Mirakl's OR11]
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Leases } from '@watertight/postgres';
import { createLogger, systemClock } from '@watertight/service';
import { waitUntil } from '@watertight/testing';
import { Admission } from '../backfill/admission.ts';
import { wantOrders } from '../commands/wanted-order.store.ts';
import { SellerClient } from '../mirakl/seller/client.ts';
import {
  type DoubleAnswer,
  Or11Double,
  type ServedDouble,
  serveOr11,
} from '../mirakl/seller/or11-double.fixture.ts';
import { orderFixture } from '../mirakl/seller/order.fixture.ts';
import { SellerSource } from '../mirakl/seller/seller-source.ts';
import { type IngestFixture, policyFixture, startIngest } from './ingest.fixture.ts';
import { MarketplacePoller } from './marketplace-poller.ts';

let ingest: IngestFixture;
let served: ServedDouble;
let double: Or11Double;
let stop: AbortController;
let running: Promise<void>[];
let log: Record<string, unknown>[];

beforeAll(async () => {
  ingest = await startIngest();
});
beforeEach(async () => {
  await ingest.clear();
  double = new Or11Double(() => new Date());
  served = await serveOr11(double);
  stop = new AbortController();
  running = [];
  log = [];
});
afterEach(async () => {
  stop.abort();
  await Promise.all(running);
  await served.stop();
});
afterAll(() => ingest.stop());

interface Replica {
  readonly holder?: string;
  readonly leaseMs?: number;
  readonly apiKey?: string;
  readonly stop?: AbortController;
}

function start({
  holder = 'replica-1',
  leaseMs = 60_000,
  apiKey = 'key-of-the-double',
  stop: own = stop,
}: Replica = {}): void {
  const policy = policyFixture({ baseUrl: served.baseUrl });
  const client = new SellerClient({
    marketplaceId: policy.id,
    baseUrl: served.baseUrl,
    apiKey,
    clock: systemClock,
    random: () => 0,
  });
  const destination = { write: (line: string) => void log.push(JSON.parse(line) as Record<string, unknown>) };
  const poller = new MarketplacePoller(policy, {
    ...ingest.parts(new SellerSource(policy, client), {
      logger: createLogger('spec', 'info', { destination }),
    }),
    leases: new Leases(ingest.database, holder, leaseMs),
    random: () => 0,
    sweepDays: 14,
    admission: new Admission(async () => 0, systemClock, 1_000),
  });
  running.push(poller.run(own.signal));
}

const completed = () => ingest.published.outcomesOf('poll_completed');

describe('MarketplacePoller', () => {
  it('polls again and again, and settles an audit by a poll that began after it', async () => {
    double.put(orderFixture());
    start();
    const [audit] = await waitUntil(
      'an audit',
      () =>
        ingest.published.outcomesOf('count_audit').length > 0 && ingest.published.outcomesOf('count_audit'),
    );
    await waitUntil('a poll that began after the audit', () =>
      completed().some(({ startedAt }) => startedAt > (audit?.at ?? '')),
    );
    expect(new Set(completed().map(({ outcomeId }) => outcomeId)).size).toBe(completed().length);
  });

  it('never polls one marketplace from two replicas, and takes over from one that is gone', async () => {
    const first = new AbortController();
    start({ holder: 'replica-1', stop: first });
    await waitUntil('the first replica to poll', () => completed().length > 0);
    const held = await ingest.database.query<{ holder: string }>('select holder from lease');
    expect(held).toEqual([{ holder: 'replica-1' }]);
    const [poll] = completed();
    expect(poll?.replica).toBe('replica-1');
    expect(Date.parse(poll?.leaseUntil ?? '')).toBeGreaterThan(Date.parse(poll?.at ?? ''));
    start({ holder: 'replica-2' });
    await waitUntil('another poll', () => completed().length > 1);
    expect(await ingest.database.query('select holder from lease')).toEqual(held);
    first.abort();
    await waitUntil('the second replica to hold the lease', async () => {
      const [row] = await ingest.database.query<{ holder: string }>('select holder from lease');
      return row?.holder === 'replica-2';
    });
  }, 20_000);

  it('tells of a marketplace that refuses the key, once in the log and each time as an outcome', async () => {
    start({ apiKey: 'a-wrong-key' });
    const failures = await waitUntil(
      'two failures',
      () =>
        ingest.published.outcomesOf('poll_failed').length > 1 && ingest.published.outcomesOf('poll_failed'),
    );
    expect(failures).toMatchObject([
      {
        marketplaceId: 'maison-fr',
        consecutive: 1,
        reason: 'source.unreachable',
        detail: expect.stringContaining('check apiKey'),
      },
      { consecutive: 2 },
    ]);
    expect(log.filter(({ event }) => event === 'poll_failed')).toMatchObject([
      {
        level: 'warn',
        marketplace: 'maison-fr',
        kind: 'unauthorised',
        msg: expect.stringContaining('check apiKey'),
      },
    ]);
    expect(JSON.stringify([log, failures])).not.toContain('a-wrong-key');
  });

  it('goes on by itself when the marketplace is back, and says so', async () => {
    let down = true;
    const outage: DoubleAnswer = { status: 503, body: '<html>maintenance</html>', headers: {} };
    double.beforeAnswer = () => (down ? outage : undefined);
    start();
    await waitUntil('a failure', () => ingest.published.outcomesOf('poll_failed').length > 0);
    down = false;
    await waitUntil('a complete poll', () => completed().length > 0);
    await waitUntil('the log line', () => log.some(({ event }) => event === 'poll_works_again'));
  }, 20_000);

  it('fetches what a person asks for without waiting for the next poll', async () => {
    double.put(orderFixture());
    start();
    await waitUntil('a settled start', () => completed().length > 1);
    await wantOrders(ingest.database, [
      {
        orderKey: 'maison-fr:W-1001-A',
        marketplaceId: 'maison-fr',
        commandId: 'c-1',
        requestedAt: new Date(),
      },
    ]);
    await waitUntil('the refetch', () =>
      ingest.published.orders().some(({ source }) => source === 'refetch'),
    );
  });

  it('rejects with an unknown error: a bug must not be taken for an outage', async () => {
    const bug = new TypeError('a bug');
    double.put(orderFixture());
    ingest.published.before = () => {
      throw bug;
    };
    start();
    await expect(running.pop()).rejects.toBe(bug);
  });
});
