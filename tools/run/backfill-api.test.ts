import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { Failure } from '../stack/failure.ts';
import { type Backfill, BackfillApi, hasEnded, progressLine, summaryOf } from './backfill-api.ts';

const backfill: Backfill = {
  backfillId: 'b-1',
  marketplaceId: 'maison-fr',
  state: 'running',
  dryRun: false,
  ordersTotal: 1_000,
  ordersSeen: 400,
  ordersPublished: 390,
  money: [{ amount: '1234.56', currency: 'EUR' }],
  klaviyoSeconds: 150,
  finishesAt: '2026-03-10T12:10:00Z',
  route: 'export',
  detail: null,
};

test('says in a line how far it is and what it waits for', () => {
  const now = new Date('2026-03-10T12:00:00Z');
  assert.equal(progressLine(backfill, now), 'running, 400 of 1000 orders by export, 10 min left');
  const waiting = { ...backfill, state: 'waiting', finishesAt: null, detail: 'live orders come first' };
  assert.equal(progressLine(waiting, now), 'waiting, 400 of 1000 orders by export: live orders come first');
});

test('says what came of it, with the money and Klaviyo’s time', () => {
  assert.equal(
    summaryOf({ ...backfill, state: 'done' }),
    '400 orders were read, 390 of them were new or had changed.\n  1234.56 EUR\n' +
      'Klaviyo takes about 3 min for them at its own limit.',
  );
  assert.match(summaryOf({ ...backfill, state: 'done', dryRun: true }), /^400 orders would be read; nothing/);
  assert.match(summaryOf({ ...backfill, state: 'failed', detail: 'no key' }), /It ended as failed: no key$/);
});

test('knows when there is nothing more to wait for', () => {
  assert.deepEqual(
    ['requested', 'paused', 'done', 'cancelled', 'failed'].map((state) => hasEnded({ state })),
    [false, false, true, true, true],
  );
});

test('asks with the token, finds its backfill, and hands on what the API says against it', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    const isWrong = request.headers.authorization !== 'Bearer t-1';
    response.statusCode = isWrong ? 401 : request.method === 'POST' ? 202 : 200;
    const answer = request.method === 'POST' ? { backfillId: 'b-1' } : { asOf: 'now', backfills: [backfill] };
    response.end(JSON.stringify(isWrong ? { message: 'no token' } : answer));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  try {
    const api = new BackfillApi(url, 't-1');
    const span = { marketplaceId: 'maison-fr', from: '2026-01-01', to: '2026-02-01', dryRun: true };
    assert.equal(await api.start(span), 'b-1');
    assert.deepEqual(await api.find('b-1'), backfill);
    assert.equal(await api.find('b-2'), undefined);
    assert.equal(asked[0], 'POST /api/v1/backfills Bearer t-1');
    await assert.rejects(new BackfillApi(url, 'wrong').find('b-1'), (error) => {
      return (
        error instanceof Failure && error.message.includes('HTTP 401') && error.message.includes('no token')
      );
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
  await assert.rejects(new BackfillApi(url, 't-1').find('b-1'), /Nothing answers at/);
});
