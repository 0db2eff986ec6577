// real: [Kafka, PostgreSQL], double: [Mirakl's RT11, without HTTP]
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '@watertight/service';
import { FakeClock } from '@watertight/testing';
import { errorOfStatus } from '../mirakl/mirakl-errors.ts';
import type { SellerClient } from '../mirakl/seller/client.ts';
import { SellerSource } from '../mirakl/seller/seller-source.ts';
import { type IngestFixture, policyFixture, startIngest } from '../poll/ingest.fixture.ts';
import { ReturnsReader, returnsEveryMs } from './read-returns.ts';

const none = new AbortController().signal;
const policy = policyFixture({ pollIntervalMs: 1_000 });
let ingest: IngestFixture;
let clock: FakeClock;
let returns: Record<string, unknown>[];
let asked: URLSearchParams[];
let status: number;
let log: string[];

beforeAll(async () => {
  ingest = await startIngest();
});
beforeEach(async () => {
  await ingest.clear();
  clock = new FakeClock('2026-03-10T12:00:00Z');
  [returns, asked, status, log] = [[], [], 200, []];
});
afterAll(() => ingest.stop());

/** RT11 in pages of two; the token is the place of the next page. */
const client: Pick<SellerClient, 'get' | 'close'> = {
  async get(path, query, read) {
    expect(path).toBe('/api/returns');
    asked.push(query);
    if (status !== 200) throw errorOfStatus('maison-fr', status);
    const from = Number(query.get('page_token') ?? '0');
    const next = from + 2 < returns.length ? String(from + 2) : undefined;
    const body = JSON.stringify({ data: returns.slice(from, from + 2), next_page_token: next });
    return read({ body, link: undefined, answeredAt: clock.now() });
  },
  close: async () => undefined,
};

function reader(): ReturnsReader {
  const logger = createLogger('spec', 'info', {
    destination: { write: (line: string) => void log.push(line) },
  });
  return new ReturnsReader(policy, ingest.parts(new SellerSource(policy, client), { clock, logger }));
}

const returned = (id: string, state: string) => ({
  id,
  order_id: 'W-1',
  state,
  date_created: '2026-03-05T09:00:00Z',
  last_updated: '2026-03-06T09:00:00Z',
  return_lines: [{ order_line_id: 'W-1-1', quantity: 1 }],
});

describe('ReturnsReader', () => {
  it('captures all returns since backfillFrom, over all pages, and then only those that changed', async () => {
    returns = ['r1', 'r2', 'r3', 'r4', 'r5'].map((id) => returned(id, 'IN_PROGRESS'));
    const reading = reader();
    await reading.step(none);
    expect(ingest.published.refunds().map(({ factId }) => factId)).toEqual(
      ['r1', 'r2', 'r3', 'r4', 'r5'].map((id) => `maison-fr:W-1:return:${id}`),
    );
    expect(Object.fromEntries(asked[0] ?? [])).toMatchObject({
      return_last_updated_from: '2025-12-31T23:55:00Z',
      sort: 'date_created,ASC',
      limit: '100',
      shop_id: '2001',
    });
    expect(asked[1]?.get('page_token')).toBe('2');

    returns[1] = returned('r2', 'RECEIVED');
    await reading.step(none);
    expect(asked).toHaveLength(3);
    await clock.advance(3_000);
    await reading.step(none);
    expect(asked[3]?.get('return_last_updated_from')).toBe('2026-03-10T11:55:00Z');
    expect(ingest.published.refunds().slice(5)).toMatchObject([
      { factId: 'maison-fr:W-1:return:r2', revision: 2, state: 'RECEIVED', final: true },
    ]);
  });

  it('goes on without returns where the operator does not show them, and says so once', async () => {
    status = 403;
    const reading = reader();
    for (let time = 0; time < 3; time += 1) {
      await reading.step(none);
      await clock.advance(10_000);
    }
    expect(asked).toHaveLength(3);
    expect(log.filter((line) => line.includes('returns_refused'))).toHaveLength(1);
    status = 200;
    returns = [returned('r1', 'RECEIVED')];
    await reading.step(none);
    expect(ingest.published.refunds()).toHaveLength(1);
  });

  it('is a failure of the marketplace when it does not answer at all', async () => {
    status = 503;
    await expect(reader().step(none)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('keeps the bytes of a return that cannot be read, without failing an order', async () => {
    returns = [{ state: 'RECEIVED' }, returned('r1', 'RECEIVED')];
    await reader().step(none);
    expect(ingest.published.refunds()).toHaveLength(1);
    expect(ingest.published.deadLetters).toMatchObject([{ reason: 'source.unparseable' }]);
    expect(ingest.published.outcomesOf('fact')).toMatchObject([{ orderKey: null, outcome: 'failed' }]);
  });

  it('regression: reports a state of a return that this version does not know', async () => {
    returns = [returned('r1', 'AT_THE_MOON'), returned('r2', 'RECEIVED')];
    await reader().step(none);
    expect(ingest.published.refunds()).toHaveLength(2);
    expect(ingest.published.outcomesOf('unknown_value')).toMatchObject([
      { marketplaceId: 'maison-fr', field: 'return_state', value: 'AT_THE_MOON', count: 1 },
    ]);
  });

  it('asks a real marketplace every 15 minutes at most', () => {
    const real = { baseUrl: 'https://maison.example', pollIntervalMs: 300_000 };
    expect(returnsEveryMs(real)).toBe(900_000);
    expect(returnsEveryMs({ ...real, pollIntervalMs: 3_600_000 })).toBe(3_600_000);
    expect(returnsEveryMs({ baseUrl: 'http://127.0.0.1:1', pollIntervalMs: 2_000 })).toBe(6_000);
  });
});
