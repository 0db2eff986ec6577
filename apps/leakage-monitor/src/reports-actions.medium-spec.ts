// real: [Kafka, PostgreSQL, HTTP], double: [the other services, a receiver of alerts on this machine]
import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectKafka, DeadLetterReader } from '@watertight/kafka';
import { Leases, runMigrations } from '@watertight/postgres';
import { createLogger, HealthRegistry, systemClock } from '@watertight/service';
import { ALERT_RULES, NO_ALERTS } from '@watertight/marketplaces';
import { createTestSchema, FakeClock, testStack, waitUntil } from '@watertight/testing';
import { AlertsStore } from './alerts/alerts.store.ts';
import { sendAlert } from './alerts/send-alert.ts';
import { WatchAlerts } from './alerts/watch-alerts.ts';
import type { Alerts } from './alerts/alerts.api.ts';
import type { Preview } from './mapping/mapping.api.ts';
import { type MonitorFixture, monitorFixture, TOKEN } from './monitor.fixture.ts';
import { monitorDatabase } from './monitor.module.ts';
import type { DeadLetters, Operations } from './operations/operations.api.ts';
import type { Decision, Review, Reviews } from './review/review.api.ts';
import { ingestSaid, mapperSaid, orderFact, pollCompleted } from './testing.fixture.ts';
import { weekOf } from './trend/week.ts';

let fixture: MonitorFixture;
let monitor: Awaited<ReturnType<MonitorFixture['start']>>;
const DAY_MS = 24 * 60 * 60 * 1_000;
const lastWeek = weekOf(new Date(Date.now() - 7 * DAY_MS), 'UTC');

beforeAll(async () => {
  fixture = await monitorFixture();
  monitor = await fixture.start();
}, 90_000);

afterAll(async () => {
  await fixture?.close();
}, 60_000);

async function call(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${monitor.url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${TOKEN}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

describe('the weekly review', () => {
  const path = `/reviews/${lastWeek.week}`;

  it('takes decisions, is signed once with the figures of that moment, and carries on what is open', async () => {
    const createdAt = lastWeek.from.replace(/\.\d+Z$/, 'Z');
    await fixture.publish(
      orderFact('m:A-1', { createdAt }),
      ingestSaid('m:A-2', { outcome: 'failed', reason: 'source.unparseable', orderCreatedAt: createdAt }),
    );
    await waitUntil('both orders in the review', async () => {
      return (await monitor.get<Review>(path)).totals.captured.orders === 2;
    });
    const taken = await call('POST', `${path}/decisions`, { text: 'Ask the marketplace', owner: 'platform' });
    expect(taken.status).toBe(201);
    const decision = (await taken.json()) as Decision;
    const running = weekOf(new Date(), 'UTC').week;
    expect((await call('POST', `/reviews/${running}/sign`, {})).status).toBe(409);
    expect((await call('POST', `${path}/sign`, { note: 'seen' })).status).toBe(200);
    expect((await call('POST', `${path}/sign`, {})).status).toBe(409);
    expect((await call('POST', `${path}/decisions`, { text: 'Late', owner: 'platform' })).status).toBe(409);

    await fixture.publish(orderFact('m:A-3', { createdAt }));
    await waitUntil('the third order in the ledger', async () => {
      return (await monitor.get<{ orders: unknown[] }>('/orders?query=A-3')).orders.length === 1;
    });
    expect(await monitor.get<Review>(path)).toMatchObject({
      state: 'signed',
      frozen: true,
      totals: { captured: { orders: 2 } },
      signature: { note: 'seen' },
    });
    const next = await monitor.get<Review>(`/reviews/${running}`);
    expect(next.carriedOver.map(({ id }) => id)).toEqual([decision.id]);
    expect(
      (await call('POST', `/decisions/${decision.id}/state`, { state: 'done', note: 'asked' })).status,
    ).toBe(200);
    const { reviews } = await monitor.get<Reviews>('/reviews');
    expect(reviews.find(({ week }) => week === lastWeek.week)).toMatchObject({
      state: 'signed',
      openDecisions: 0,
    });
    expect((await call('GET', '/reviews/2026-W60')).status).toBe(404);
  });

  it('is packed as HTML and as PDF', async () => {
    const html = await call('GET', `${path}/pack.html`);
    expect(html.headers.get('content-type')).toContain('text/html');
    expect(await html.text()).toContain(`Weekly review ${lastWeek.week}`);
    const pdf = Buffer.from(await (await call('GET', `${path}/pack.pdf`)).arrayBuffer());
    expect(pdf.subarray(0, 5).toString('latin1')).toBe('%PDF-');
    expect(pdf.subarray(-6).toString('latin1')).toContain('%%EOF');
    expect(pdf.toString('latin1')).toMatch(/\/Type \/Page\b/);
  });
});

describe('the preview of a mapping', () => {
  it('shows recent orders before and after, without their buyers, and forgets who was erased', async () => {
    const fields = [{ code: 'gift', type: 'BOOLEAN', value: 'true' }];
    await fixture.publish(
      orderFact('n:P-1', { additionalFields: fields }),
      orderFact('n:P-2', { additionalFields: fields }),
    );
    const attributes = [{ from: 'additional:gift', to: 'Gift', on: 'event', as: 'boolean' }];
    const preview = async () =>
      (await (await call('POST', '/mapping/preview', { marketplace: 'n', attributes })).json()) as Preview;
    await waitUntil('two orders in the preview', async () => (await preview()).changed === 2);
    expect((await preview()).yaml).toContain('additional:gift');
    await fixture.publish(mapperSaid('n:P-1', { outcome: 'erased', reason: 'privacy.erased' }));
    await waitUntil('one order in the preview', async () => (await preview()).orders.length === 1);
    await fixture.publish(
      orderFact('n:P-1', { revision: 9, additionalFields: fields }),
      orderFact('n:P-3', {}),
    );
    await waitUntil('the next order in the preview', async () => {
      return (await preview()).orders.some(({ orderKey }) => orderKey === 'n:P-3');
    });
    expect((await preview()).orders.map(({ orderKey }) => orderKey).sort()).toEqual(['n:P-2', 'n:P-3']);
    const wrong = [{ ...attributes[0], from: 'order.nothing' }];
    expect((await call('POST', '/mapping/preview', { marketplace: 'n', attributes: wrong })).status).toBe(
      400,
    );
  });
});

describe('operations', () => {
  it('says how the lanes are, and lists dead letters without their content', async () => {
    const operations = await waitUntil('a look at the brokers', async () => {
      const answer = await monitor.get<Operations>('/operations');
      return answer.kafka.reachable && answer;
    });
    expect(operations.kafka.problem).toBeNull();
    const letters = await monitor.get<DeadLetters>('/dead-letters?limit=5');
    expect(Array.isArray(letters.letters)).toBe(true);
    expect((await call('GET', '/dead-letters?topic=mirakl.orders.v1')).status).toBe(404);
    const body = { letters: [{ topic: 'mirakl.orders.v1', partition: 0, offset: '0' }], why: 'test' };
    expect((await call('POST', '/dead-letters/replay', body)).status).toBe(400);
  });

  it('says which replica polls which marketplace, and until when it may', async () => {
    const at = new Date().toISOString();
    const lease = { replica: 'ingest-7/1a2b', leaseUntil: new Date(Date.now() + 11_000).toISOString() };
    await fixture.publish(pollCompleted('m', {}, { at, startedAt: at, ...lease }));
    const pollers = await waitUntil('the poll to be folded', async () => {
      const answer = await monitor.get<Operations>('/operations');
      return answer.pollers.some(({ replica }) => replica !== null) && answer.pollers;
    });
    expect(pollers.find(({ marketplaceId }) => marketplaceId === 'm')).toEqual({
      marketplaceId: 'm',
      name: expect.any(String),
      health: 'fresh',
      polledAt: at,
      ...lease,
    });
  });

  it('reads nothing, and fails at nothing, where there is no dead letter', async () => {
    const connection = connectKafka({
      brokers: testStack().kafkaBrokers,
      clientId: 'test',
      logger: createLogger('test', 'silent'),
    });
    const reader = new DeadLetterReader(connection, systemClock);
    expect(await reader.at([{ topic: 'no.such.dlq', partition: 0, offset: '7' }])).toEqual([]);
    await reader.close();
  });
});

describe('alerts', () => {
  let receiver: Server;
  const received: { headers: Record<string, unknown>; body: string }[] = [];
  let status = 200;
  let url = '';

  beforeAll(async () => {
    receiver = createServer((request, response) => {
      let body = '';
      request.on('data', (part) => (body += String(part)));
      request.on('end', () => {
        received.push({ headers: request.headers, body });
        response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end('secret words');
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const address = receiver.address();
    url = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}/hook` : '';
  });
  afterAll(() => {
    receiver.close();
  });

  const outgoing = {
    id: 'd-1',
    message: { what: 'test', at: '2026-03-10T12:00:00Z', alerts: [] },
    now: new Date(),
  } as const;

  it('are signed so that the receiver can check them', async () => {
    const secret = 'a-secret-of-sixteen';
    expect(await sendAlert({ kind: 'webhook', url, secret }, outgoing)).toEqual({ ok: true });
    const [{ headers, body } = { headers: {}, body: '' }] = received.slice(-1);
    const [, seconds, signature] =
      /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['x-watertight-signature'])) ?? [];
    expect(createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')).toBe(signature);
    expect(JSON.parse(body)).toMatchObject({ id: 'd-1', what: 'test' });
  });

  it('are tried again after a failure of the other side, not after a refusal, and never follow a redirect', async () => {
    const send = async (answer: number) => {
      status = answer;
      return sendAlert({ kind: 'slack', url }, outgoing);
    };
    expect(await send(503)).toEqual({ ok: false, error: 'answered 503', again: true });
    expect(await send(403)).toEqual({ ok: false, error: 'answered 403', again: false });
    const redirected = await send(302);
    expect(redirected).toMatchObject({ ok: false });
    expect(JSON.stringify(redirected)).not.toContain('127.0.0.1');
    const nobody = await sendAlert(
      { kind: 'mail', smtp: 'smtp://127.0.0.1:1', from: 'a@example.com', to: ['b@example.com'] },
      outgoing,
    );
    expect(nobody).toMatchObject({ ok: false, again: true });
    expect(JSON.stringify(nobody)).not.toContain('example.com');
  });

  it('are queued, told once, tried again while the other side fails, and shown when they failed for good', async () => {
    const clock = new FakeClock(new Date('2026-03-10T12:00:00Z'));
    const route = { name: 'ops', kind: 'slack', target: { kind: 'slack', url } } as const;
    const everywhere = { rules: [...ALERT_RULES], owners: [], marketplaces: [], quietHours: null };
    const policy = { ...NO_ALERTS, routes: [{ ...route, ...everywhere, repeatEveryMs: DAY_MS }] };
    // A schema of its own: the monitor of the other tests looks for alerts too, and would deliver these.
    const { databaseUrl } = testStack();
    const { schema, drop } = await createTestSchema(databaseUrl, { create: false });
    const logger = createLogger('test', 'silent');
    const database = monitorDatabase(
      databaseUrl,
      { logger, clock, health: new HealthRegistry(clock) },
      schema,
    );
    await runMigrations(database);
    const store = new AlertsStore(database);
    const lag = { group: 'w', topic: 't', messages: 5, seconds: 9_999 };
    const quiet = { marketplaces: [], risks: [], overdue: [], deadLetters: [], quota: [] };
    let lags = [lag];
    const lanes = { last: () => ({ at: clock.now(), lanes: [], deadLetters: [] }) };
    const snapshots = { read: () => Promise.resolve({ now: clock.now(), ...quiet, lags }) };
    const leases = new Leases(database, 'test', DAY_MS);
    const watch = new WatchAlerts({ store, snapshots, lanes, leases, clock }, policy);
    const told = async () => (await store.newest(100)).filter((delivery) => delivery.route === 'ops');

    status = 503;
    await watch.look();
    await watch.look();
    expect(await told()).toMatchObject([
      { what: 'alert', causes: ['lag:w:t'], state: 'waiting', attempts: 1, error: 'answered 503' },
    ]);
    status = 200;
    await clock.advance(30_000);
    await watch.look();
    expect(await told()).toMatchObject([{ state: 'delivered', attempts: 2, error: null }]);
    lags = [];
    status = 403;
    await watch.look();
    const [recovery] = (await told()).filter(({ what }) => what === 'recovery');
    expect(recovery).toMatchObject({ state: 'failed', error: 'answered 403' });
    expect((await store.routes()).find((one) => one.route === 'ops')?.failing).toBe(true);
    status = 200;
    await clock.advance(1_000);
    expect((await watch.test('ops'))?.delivery).toMatchObject({ what: 'test', state: 'delivered' });
    expect((await store.routes()).find((one) => one.route === 'ops')?.failing).toBe(false);
    await database.close();
    await drop();
  });

  it('are looked for, and routes that do not exist are refused', async () => {
    await waitUntil('the first look', async () => (await monitor.get<Alerts>('/alerts')).asOf !== null);
    expect((await call('POST', '/alerts/routes/nowhere/test')).status).toBe(404);
  });
});
