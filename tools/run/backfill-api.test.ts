import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { Failure } from '../stack/failure.ts';
import { type Backfill, BackfillApi } from './backfill-api.ts';

const backfill: Backfill = {
  backfillId: 'b-1',
  marketplaceId: 'maison-fr',
  at: '2026-03-10T12:00:00Z',
  from: '2026-01-01T00:00:00Z',
  to: '2026-02-01T00:00:00Z',
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

/** Listens until `use` has ended; every request is noted and answered by `answerTo`. */
async function withApi(
  answerTo: (request: IncomingMessage) => { status: number; body: string },
  use: (api: BackfillApi, asked: readonly string[]) => Promise<void>,
): Promise<void> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    const { status, body } = answerTo(request);
    response.statusCode = status;
    response.end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const api = new BackfillApi(`http://127.0.0.1:${port}`, 't-1');
  try {
    await use(api, asked);
  } finally {
    server.closeAllConnections();
    server.close();
  }
  await assert.rejects(api.list(), /Nothing answers at/);
}

const json = (status: number, value: unknown) => ({ status, body: JSON.stringify(value) });

test('asks with the token, finds its backfill, and cancels it by its id', async () => {
  const answerTo = ({ method }: IncomingMessage) =>
    method === 'POST' ? json(202, { backfillId: 'b-1' }) : json(200, { asOf: 'now', backfills: [backfill] });
  await withApi(answerTo, async (api, asked) => {
    const span = { marketplaceId: 'maison-fr', from: '2026-01-01', dryRun: true };
    assert.equal(await api.start(span), 'b-1');
    assert.deepEqual(await api.find('b-1'), backfill);
    assert.equal(await api.find('b-2'), undefined);
    await api.control('backfill:b-1', 'cancel');
    assert.equal(asked[0], 'POST /api/v1/backfills Bearer t-1');
    assert.equal(asked.at(-1), 'POST /api/v1/backfills/backfill%3Ab-1/cancel Bearer t-1');
  });
});

test('regression: hands on the API’s own sentence, not its JSON', async () => {
  const message = 'There is no marketplace "maison" in marketplaces.yaml';
  await withApi(
    () => json(404, { error: { code: 'not_found', message } }),
    async (api) => assert.rejects(api.list(), new Failure(`${message} (HTTP 404)`)),
  );
});

test('says what is wrong when the token is refused, or something else answers', async () => {
  await withApi(
    () => json(401, { error: { code: 'unauthorized', message: 'Send the header' } }),
    async (api) => assert.rejects(api.list(), /refuses the token\. Is --token/),
  );
  await withApi(
    () => ({ status: 404, body: '<html>' }),
    async (api) => assert.rejects(api.list(), /is none of ours \(HTTP 404\)\. Is --url right/),
  );
});
