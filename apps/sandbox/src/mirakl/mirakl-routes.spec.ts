import { describe, expect, it } from '@jest/globals';
import { openSandbox, startMs, type Answered, type OpenSandbox } from '../sandbox.fixture.ts';

const iso = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');
const minuteMs = 60_000;

/** The least an order can be: what is read of it is all here. */
const order = (
  id: string,
  createdMs: number,
  updatedMs = createdMs,
): { readonly [key: string]: string | number } => ({
  order_id: id,
  created_date: iso(createdMs),
  last_updated_date: iso(updatedMs),
  order_state: 'SHIPPING',
  currency_iso_code: 'EUR',
  total_price: 10.5,
});

const idsOf = (answer: Answered): readonly string[] =>
  answer.body.orders.map(({ order_id }: { order_id: string }) => order_id);

async function withOrders(count: number): Promise<OpenSandbox> {
  const open = openSandbox();
  const orders = Array.from({ length: count }, (_, index) =>
    order(`A-${String(index).padStart(3, '0')}`, startMs - minuteMs),
  );
  await open.call('POST', '/sandbox/mirakl/maison-fr/orders', { orders });
  return open;
}

describe('OR11 paging', () => {
  it('gives ten when nobody says how many, and at most a hundred', async () => {
    const open = await withOrders(205);
    expect(idsOf(await open.mirakl('maison-fr'))).toHaveLength(10);
    expect(idsOf(await open.mirakl('maison-fr', '?max=500'))).toHaveLength(100);
  });

  it('links to the next and the previous page by absolute addresses that keep every parameter', async () => {
    const open = await withOrders(205);
    const seen: string[] = [];
    let next: string | undefined =
      '?max=100&start_update_date=2026-11-01T00%3A00%3A00%2B01%3A00&shop_id=2001';
    while (next !== undefined) {
      const answer: Answered = await open.mirakl('maison-fr', next);
      expect(answer.body.total_count).toBe(205);
      seen.push(...idsOf(answer));
      const link = /<(http:\/\/[^>]+)>; rel="next"/.exec(String(answer.headers['link']))?.[1];
      next = link === undefined ? undefined : new URL(link).search;
      if (next !== undefined) expect(next).toContain('shop_id=2001');
    }
    expect(new Set(seen).size).toBe(205);
    const last = await open.mirakl('maison-fr', '?max=100&offset=200');
    expect(last.headers['link']).toMatch(/^<http:\/\/[^>]+offset=100>; rel="previous"$/);
  });

  it('sorts by creation date, then by id, in both directions', async () => {
    const open = openSandbox();
    const orders = [
      order('C', startMs),
      order('B', startMs - 1000),
      order('A', startMs),
      order('D', startMs - 1000),
    ];
    await open.call('POST', '/sandbox/mirakl/maison-fr/orders', orders);
    expect(idsOf(await open.mirakl('maison-fr'))).toEqual(['B', 'D', 'A', 'C']);
    expect(idsOf(await open.mirakl('maison-fr', '?order=desc'))).toEqual(['C', 'A', 'D', 'B']);
  });

  it('shifts pages while somebody pages through them, when told to', async () => {
    const open = openSandbox();
    const old = order('OLD', startMs - 90 * minuteMs);
    const fresh = ['A', 'B', 'C', 'D'].map((id) => order(id, startMs - minuteMs));
    await open.call('POST', '/sandbox/mirakl/maison-fr/orders', [old, ...fresh]);
    await open.call('POST', '/sandbox/faults', { target: 'mirakl:maison-fr', kind: 'page-shift', times: 1 });
    const since = `start_update_date=${iso(startMs - 5 * minuteMs)}`;
    expect(idsOf(await open.mirakl('maison-fr', `?max=2&${since}`))).toEqual(['A', 'B']);
    expect(idsOf(await open.mirakl('maison-fr', `?max=2&offset=2&${since}`))).toEqual(['B', 'C']);
    expect(idsOf(await open.mirakl('maison-fr', `?max=2&${since}`))).toEqual(['OLD', 'A']);
  });

  it('loses an order of a closed window when pages shift', async () => {
    const open = openSandbox();
    await open.call(
      'POST',
      '/sandbox/mirakl/maison-fr/orders',
      ['A', 'B', 'C', 'D'].map((id) => order(id, startMs - 2 * minuteMs)),
    );
    await open.call('POST', '/sandbox/faults', { target: 'mirakl:maison-fr', kind: 'page-shift', times: 1 });
    const window = `start_update_date=${iso(startMs - 5 * minuteMs)}&end_update_date=${iso(startMs - minuteMs)}`;
    const first = idsOf(await open.mirakl('maison-fr', `?max=2&${window}`));
    const second = idsOf(await open.mirakl('maison-fr', `?max=2&offset=2&${window}`));
    expect([first, second]).toEqual([['A', 'B'], ['D']]);
  });
});

describe('OR11 filters', () => {
  it('widens the update date by itself, so that orders come back again', async () => {
    const open = openSandbox();
    const orders = [
      order('IN', startMs - 60 * minuteMs, startMs - 60_000),
      order('OUT', startMs - 60 * minuteMs, startMs - 61_000),
    ];
    await open.call('POST', '/sandbox/mirakl/maison-fr/orders', orders);
    expect(idsOf(await open.mirakl('maison-fr', `?start_update_date=${iso(startMs)}`))).toEqual(['IN']);
    await open.call('PATCH', '/sandbox/mirakl/maison-fr', { updateDateDeltaMs: 0 });
    expect(idsOf(await open.mirakl('maison-fr', `?start_update_date=${iso(startMs)}`))).toEqual([]);
  });

  it('hides an order from the update date, not from its creation date or id', async () => {
    const open = openSandbox();
    await open.call('POST', '/sandbox/mirakl/maison-fr/orders?hidden=true', order('H', startMs));
    expect(idsOf(await open.mirakl('maison-fr', '?start_update_date=2020-01-01T00:00:00Z'))).toEqual([]);
    expect(idsOf(await open.mirakl('maison-fr', '?start_date=2020-01-01T00:00:00Z'))).toEqual(['H']);
    expect(idsOf(await open.mirakl('maison-fr', '?order_ids=H,X'))).toEqual(['H']);
  });

  it('refuses over a hundred ids', async () => {
    const open = openSandbox();
    const ids = (count: number): string => Array.from({ length: count }, (_, index) => `A${index}`).join(',');
    expect((await open.mirakl('maison-fr', `?order_ids=${ids(100)}`)).status).toBe(200);
    const refused = await open.mirakl('maison-fr', `?order_ids=${ids(101)}`);
    expect([refused.status, refused.body.message]).toEqual([
      400,
      'The limit of 100 is exceeded for the parameter : order_ids',
    ]);
  });

  it('refuses a date whose plus sign was not encoded', async () => {
    const open = openSandbox();
    expect((await open.mirakl('maison-fr', '?start_update_date=2026-11-01T00:00:00+01:00')).status).toBe(400);
    expect((await open.mirakl('maison-fr', '?start_update_date=2026-11-01T00:00:00%2B01:00')).status).toBe(
      200,
    );
  });

  it('refuses a wrong key, an unknown marketplace and a shop of somebody else', async () => {
    const open = openSandbox();
    expect((await open.mirakl('maison-fr', '', 'Bearer sandbox-maison-fr-key')).status).toBe(401);
    expect((await open.mirakl('nowhere', '', 'x')).status).toBe(404);
    expect((await open.mirakl('maison-fr', '?shop_id=1')).status).toBe(403);
  });

  it('limits calls per minute where a limit is set, and says when to come back', async () => {
    const open = openSandbox();
    await open.call('PATCH', '/sandbox/mirakl/maison-fr', {
      rateLimit: { callsPerMinute: 2, retryAfterSeconds: 17 },
    });
    const statuses = [
      await open.mirakl('maison-fr'),
      await open.mirakl('maison-fr'),
      await open.mirakl('maison-fr'),
    ];
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(statuses[2]?.headers['retry-after']).toBe('17');
    open.clock.nowMs += minuteMs;
    expect((await open.mirakl('maison-fr')).status).toBe(200);
  });

  it('tells its own time', async () => {
    const open = openSandbox();
    expect((await open.mirakl('maison-fr')).headers['date']).toBe(new Date(startMs).toUTCString());
  });
});

describe('orders of the trade', () => {
  const all = async (
    open: OpenSandbox,
    marketplace: string,
    query = '',
  ): Promise<readonly Answered['body'][]> => {
    const orders: Answered['body'][] = [];
    for (let offset = 0; ; offset += 100) {
      const answer = await open.mirakl(marketplace, `?max=100&offset=${offset}${query}`);
      orders.push(...answer.body.orders);
      if (answer.body.orders.length < 100) return orders;
    }
  };
  const cents = (amount: number): number => Math.round(amount * 100);
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  const taxCents = (line: Answered['body']): number =>
    sum([...line.taxes, ...line.shipping_taxes].map((tax: { amount: number }) => cents(tax.amount)));

  it('add up: lines to the order, taxes to the other tax mode', async () => {
    const open = openSandbox({ historyOrders: 300 });
    for (const [marketplace, other] of [
      ['techno-us', 'TAX_INCLUDED'],
      ['maison-fr', 'TAX_EXCLUDED'],
    ] as const) {
      const native = await all(open, marketplace);
      const converted = await all(open, marketplace, `&order_tax_mode=${other}`);
      expect(native.length).toBeGreaterThan(80);
      native.forEach((one, index) => {
        const twin = converted[index];
        const lines: readonly Answered['body'][] = one.order_lines;
        expect(cents(one.total_price)).toBe(sum(lines.map((line) => cents(line.total_price))));
        expect(cents(one.total_price)).toBe(
          cents(one.price) +
            cents(one.shipping_price) +
            sum(lines.flatMap((line) => line.fees.map((fee: { amount: number }) => cents(fee.amount)))),
        );
        const taxes = sum(lines.map(taxCents));
        expect(cents(twin.total_price)).toBe(
          cents(one.total_price) + (other === 'TAX_INCLUDED' ? taxes : -taxes),
        );
        expect(twin.order_tax_mode).toBe(other);
      });
    }
  });

  it('show tax that the operator remits as not payable to the shop, on a part of the lines', async () => {
    const open = openSandbox({ historyOrders: 300 });
    const lines = (await all(open, 'techno-us')).flatMap((one) => one.order_lines);
    const remitted = lines.filter((line) =>
      line.taxes.some((tax: Answered['body']) =>
        tax.amount_breakdown.parts.some((part: Answered['body']) => part.payable_to_shop === false),
      ),
    );
    expect(remitted.length).toBeGreaterThan(lines.length * 0.3);
    expect(remitted.length).toBeLessThan(lines.length * 0.95);
  });

  it('have no address before acceptance where the operator says so, nor when refused', async () => {
    const open = openSandbox({ historyOrders: 1_000 });
    for (const one of await all(open, 'techno-us')) {
      const shown = one.acceptance_decision_date !== null && one.order_state !== 'REFUSED';
      expect(one.customer.shipping_address !== null).toBe(shown);
    }
  });

  it('carry whole seconds where Mirakl does, and never .000', async () => {
    const open = openSandbox({ historyOrders: 200 });
    const text = JSON.stringify(await all(open, 'maison-fr'));
    expect(text).not.toContain('.000Z');
    expect(text).toMatch(/"customer_debited_date":"[^"]+\.\d{3}Z"/);
    expect(text).not.toMatch(/"(?:created_date|last_updated_date)":"[^"]+\.\d+Z"/);
  });

  it('show every way in which an address can be missing', async () => {
    const open = openSandbox({ historyOrders: 1_000 });
    const orders = await all(open, 'nordmarkt-de');
    expect(orders.filter((one) => !('customer_notification_email' in one)).length).toBeGreaterThan(5);
    expect(orders.filter((one) => one.customer_notification_email === '').length).toBeGreaterThan(5);
    expect(
      orders.filter((one) => one.customer_notification_email === 'kunde@nordmarkt.example.org').length,
    ).toBeGreaterThan(5);
    const relays = (await all(open, 'techno-us')).map((one) => one.customer_notification_email);
    expect(
      relays.every((email: string) => /^r\w{10}\.\w{9}@us\.notification\.mirakl\.net$/.test(email)),
    ).toBe(true);
  });
});

describe('raw orders', () => {
  it('are served letter by letter', async () => {
    const open = openSandbox();
    const text =
      '{ "total_price": 11.00, "order_id":"R-1",  "created_date":"2019-03-13T15:13:29Z", "rate": 20.0000, "9": "a", "1": [1,{"b":"x,]}"}] }';
    await open.call(
      'POST',
      '/sandbox/mirakl/maison-fr/orders',
      `{"orders": [${text} , "not an order", {"order_id": null}], "total_count": 3}`,
    );
    const answer = await open.mirakl('maison-fr');
    expect(answer.text).toContain(text);
    expect(answer.body.total_count).toBe(3);
  });

  it('replace one with the same id', async () => {
    const open = openSandbox();
    await open.call('POST', '/sandbox/mirakl/maison-fr/orders', order('A', startMs));
    await open.call('POST', '/sandbox/mirakl/maison-fr/orders?updated=now', {
      ...order('A', startMs - minuteMs),
      total_price: 1,
    });
    const answer = await open.mirakl('maison-fr');
    expect([answer.body.total_count, answer.body.orders[0].total_price]).toEqual([1, 1]);
  });

  it('that are no JSON are refused', async () => {
    const open = openSandbox();
    expect((await open.call('POST', '/sandbox/mirakl/maison-fr/orders', '[{')).status).toBe(400);
  });
});

describe('other endpoints', () => {
  const read = async (path: string, marketplace = 'techno-us'): Promise<Answered> =>
    openSandbox({ historyOrders: 1_000 }).call('GET', `/mirakl/${marketplace}/api/${path}`, undefined, {
      authorization: `sandbox-${marketplace}-key`,
    });

  it('tell shop, currency and tax mode', async () => {
    expect((await read('account')).body).toMatchObject({ shop_id: 2002, currency_iso_code: 'USD' });
    expect((await read('platform/configuration')).body.features).toMatchObject({
      order_tax_mode: 'TAX_EXCLUDED',
      order_workflows: { shipping_and_billing_details_before_acceptance: false },
    });
    expect((await read('version')).status).toBe(200);
    expect((await read('channels', 'maison-fr')).body.channels).toHaveLength(1);
    expect((await read('reasons')).body.reasons.map(({ type }: { type: string }) => type)).toContain(
      'CANCELATION',
    );
  });

  it('page through returns by token, with all else ignored beside it', async () => {
    const open = openSandbox({ historyOrders: 1_000 });
    const get = (query: string): Promise<Answered> =>
      open.call('GET', `/mirakl/maison-fr/api/returns?${query}`, undefined, {
        authorization: 'sandbox-maison-fr-key',
      });
    const first = await get('limit=7&return_state=RECEIVED');
    expect(first.body.data).toHaveLength(7);
    const second = await get(
      `page_token=${encodeURIComponent(first.body.next_page_token)}&limit=1&return_state=CLOSED`,
    );
    expect(second.body.data).toHaveLength(7);
    expect(
      new Set([...first.body.data, ...second.body.data].map(({ state }: { state: string }) => state)),
    ).toEqual(new Set(['RECEIVED']));
    expect((await get('limit=x')).status).toBe(400);
  });
});
