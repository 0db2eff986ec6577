import { describe, expect, it } from '@jest/globals';
import type { Json } from '../http/json.ts';
import { openSandbox, type Answered, type OpenSandbox } from '../sandbox.fixture.ts';

const key = { authorization: 'sandbox-maison-fr-key' };
const base = '/mirakl/maison-fr/api/orders/async-export';
const year = { start_date: '2025-11-23T00:00:00Z', end_date: '2026-11-23T00:00:00Z' };

const create = (open: OpenSandbox, body: Json): Promise<Answered> => open.call('POST', base, body, key);
const status = (open: OpenSandbox, id: string): Promise<Answered> =>
  open.call('GET', `${base}/status/${id}`, undefined, key);
const pathOf = (url: string): string => new URL(url).pathname + new URL(url).search;

describe('an asynchronous export', () => {
  it('is pending for a while, then has files with all orders, each once', async () => {
    const open = openSandbox({ historyOrders: 500 });
    await open.call('PATCH', '/sandbox/mirakl/maison-fr', { exportChunkItems: 100 });
    const { tracking_id: id } = (await create(open, year)).body;
    expect((await status(open, id)).body).toMatchObject({ status: 'PENDING' });
    open.clock.nowMs += 1000;
    const done = (await status(open, id)).body;
    expect([done.status, done.urls.length]).toEqual(['COMPLETED', 3]);
    const ids: string[] = [];
    for (const url of done.urls) {
      const file = await open.call('GET', pathOf(url), undefined, key);
      ids.push(...file.body.orders.map((order: { order_id: string }) => order.order_id));
    }
    expect([ids.length, new Set(ids).size]).toEqual([250, 250]);
    expect((await open.call('GET', pathOf(done.urls[0]))).status).toBe(401);
  });

  it('shows orders as OR11 does, in the tax mode that was asked for', async () => {
    const open = openSandbox({ historyOrders: 30 });
    const { tracking_id: id } = (await create(open, { ...year, order_tax_mode: 'TAX_EXCLUDED' })).body;
    open.clock.nowMs += 1000;
    const [url] = (await status(open, id)).body.urls;
    const file = await open.call('GET', pathOf(url), undefined, key);
    const page = await open.mirakl('maison-fr', '?max=100&order_tax_mode=TAX_EXCLUDED');
    expect(file.body.orders).toEqual(page.body.orders);
  });

  it('runs one at a time per shop', async () => {
    const open = openSandbox();
    const first = await create(open, year);
    expect((await create(open, year)).status).toBe(400);
    open.clock.nowMs += 1000;
    expect((await status(open, first.body.tracking_id)).body.urls).toHaveLength(1);
    expect((await create(open, year)).status).toBe(200);
  });

  it('is refused to one shop while it runs, and given to another', async () => {
    const open = openSandbox();
    await create(open, year);
    const other = await open.call('POST', '/mirakl/nordmarkt-de/api/orders/async-export', year, {
      authorization: 'sandbox-nordmarkt-de-key',
    });
    expect(other.status).toBe(200);
  });

  it('takes a leap year whole, and not a second more', async () => {
    const leap = { start_date: '2024-01-01T00:00:00Z', end_date: '2025-01-01T00:00:00Z' };
    expect((await create(openSandbox(), leap)).status).toBe(200);
    const more = { ...leap, end_date: '2025-01-01T00:00:01Z' };
    expect((await create(openSandbox(), more)).status).toBe(400);
  });

  it.each([
    ['no range', {}],
    ['half a range', { start_date: year.start_date }],
    ['a range the wrong way round', { start_date: year.end_date, end_date: year.start_date }],
    [
      'a range of more than a year',
      { start_update_date: '2024-01-01T00:00:00Z', end_update_date: '2026-01-01T00:00:00Z' },
    ],
    ['too few items per file', { ...year, items_per_chunk: 100 }],
    ['too many states', { ...year, order_state_codes: Array.from({ length: 101 }, () => 'SHIPPED') }],
  ] as const)('is refused with %s', async (_name, body) => {
    expect((await create(openSandbox(), body)).status).toBe(400);
  });

  it('can fail, and can be closed to a seller', async () => {
    const open = openSandbox();
    await open.call('PATCH', '/sandbox/mirakl/maison-fr', { exports: 'failing', exportMs: 0 });
    const { tracking_id: id } = (await create(open, year)).body;
    expect((await status(open, id)).body.status).toBe('FAILED');
    await open.call('PATCH', '/sandbox/mirakl/maison-fr', { exports: 'closed' });
    expect((await create(open, year)).status).toBe(403);
    expect((await status(open, 'somebody-elses')).status).toBe(404);
  });

  it('can be torn in the middle of a file', async () => {
    const open = openSandbox({ historyOrders: 300 });
    const { tracking_id: id } = (await create(open, year)).body;
    open.clock.nowMs += 1000;
    const [url] = (await status(open, id)).body.urls;
    await open.call('POST', '/sandbox/faults', { target: 'mirakl:maison-fr', kind: 'torn-json', times: 1 });
    const file = open.call('GET', pathOf(url), undefined, key);
    await expect(file).rejects.toThrow('JSON');
  });
});

describe('transaction lines', () => {
  const list = (open: OpenSandbox, query: string, marketplace = 'maison-fr'): Promise<Answered> =>
    open.call('GET', `/mirakl/${marketplace}/api/sellerpayment/transactions_logs?${query}`, undefined, {
      authorization: `sandbox-${marketplace}-key`,
    });

  it('carry each refund by its id, debited to the cent', async () => {
    const open = openSandbox({ historyOrders: 1_000 });
    for (const marketplace of ['maison-fr', 'techno-us']) {
      const debited = new Map<string, number>();
      const types = [
        'REFUND_ORDER_AMOUNT',
        'REFUND_ORDER_SHIPPING_AMOUNT',
        'REFUND_ORDER_FEE_AMOUNT',
        'REFUND_ORDER_AMOUNT_TAX',
        'REFUND_ORDER_SHIPPING_AMOUNT_TAX',
      ];
      let query: string | undefined =
        `limit=50&sort=lastUpdated,ASC&${types.map((type) => `transaction_type=${type}`).join('&')}`;
      while (query !== undefined) {
        const { body }: Answered = await list(open, query, marketplace);
        for (const row of body.data) {
          const { id } = row.entities.refund;
          expect(row.amount).toBe(-row.amount_debited);
          debited.set(id, (debited.get(id) ?? 0) + Math.round(row.amount_debited * 100));
        }
        query =
          body.next_page_token === undefined
            ? undefined
            : `page_token=${encodeURIComponent(body.next_page_token)}`;
      }
      const expected = new Map<string, number>();
      for (let offset = 0; offset < 500; offset += 100) {
        for (const order of (await open.mirakl(marketplace, `?max=100&offset=${offset}`)).body.orders) {
          for (const refund of order.order_lines.flatMap((line: Answered['body']) => line.refunds)) {
            const taxes =
              order.order_tax_mode === 'TAX_EXCLUDED' ? [...refund.taxes, ...refund.shipping_taxes] : [];
            const owed = taxes
              .flatMap((tax) => tax.amount_breakdown.parts)
              .filter((part) => part.payable_to_shop);
            const amounts = [
              refund.amount,
              refund.shipping_amount,
              ...refund.fees.map((fee: { amount: number }) => fee.amount),
              ...owed.map((part) => part.amount),
            ];
            expected.set(
              refund.id,
              amounts.reduce((sum, amount) => sum + Math.round(amount * 100), 0),
            );
          }
        }
      }
      expect(expected.size).toBeGreaterThan(20);
      expect(debited).toEqual(expected);
    }
  });

  it('take repeated order ids, not a comma list', async () => {
    const open = openSandbox({ historyOrders: 100 });
    const [one, two] = (await open.mirakl('maison-fr', '?order_state_codes=CLOSED')).body.orders.map(
      (order: { order_id: string }) => order.order_id,
    );
    const both = (await list(open, `limit=100&order_id=${one}&order_id=${two}`)).body.data;
    expect(new Set(both.map((row: Answered['body']) => row.entities.order.id))).toEqual(new Set([one, two]));
    expect((await list(open, `order_id=${one},${two}`)).body.data).toEqual([]);
  });

  it('are refused for more than a hundred orders', async () => {
    const open = openSandbox();
    const ids = (count: number) =>
      Array.from({ length: count }, (_, index) => `order_id=A${index}`).join('&');
    expect((await list(open, ids(100))).status).toBe(200);
    const refused = await list(open, ids(101));
    expect([refused.status, refused.body.message]).toEqual([
      400,
      'The limit of 100 is exceeded for the parameter : order_id',
    ]);
  });
});

describe('the nightly batch', () => {
  it('closes all delivered orders in one second', async () => {
    const open = openSandbox({ historyOrders: 1_000 });
    const { closed } = (await open.call('POST', '/sandbox/mirakl/maison-fr/close-night')).body;
    expect(closed).toBeGreaterThan(5);
    const found = await open.mirakl(
      'maison-fr',
      `?max=100&start_update_date=${new Date(open.clock.nowMs).toISOString()}`,
    );
    expect(found.body.total_count).toBe(closed);
    expect(new Set(found.body.orders.map((order: Answered['body']) => order.last_updated_date)).size).toBe(1);
  });
});
