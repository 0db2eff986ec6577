import { describe, expect, it } from '@jest/globals';
import { openSandbox, type Answered, type OpenSandbox } from '../sandbox.fixture.ts';

const form = (fields: Record<string, string> = {}): string =>
  new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: 'sandbox-connect',
    client_secret: 'sandbox-connect-secret',
    audience: 'sandbox-company',
    ...fields,
  }).toString();

const grant = (open: OpenSandbox, fields: Record<string, string> = {}): Promise<Answered> =>
  open.call('POST', '/connect/oauth/token', form(fields), {
    'content-type': 'application/x-www-form-urlencoded',
  });

async function reader(open: OpenSandbox, audience: string): Promise<(query: string) => Promise<Answered>> {
  const token = (await grant(open, { audience })).body.access_token;
  return (query) =>
    open.call('GET', `/connect/v2/orders${query}`, undefined, { authorization: `Bearer ${token}` });
}

async function readAll(
  read: (query: string) => Promise<Answered>,
  query: string,
): Promise<readonly Answered['body'][]> {
  const rows: Answered['body'][] = [];
  let next = query;
  for (;;) {
    const { body } = await read(next);
    rows.push(...body.data);
    if (body.next_page_token === undefined) return rows;
    next = `?page_token=${encodeURIComponent(body.next_page_token)}&limit=1`;
  }
}

describe('access to Connect', () => {
  it('is by client credentials for a company, and runs out', async () => {
    const open = openSandbox();
    expect((await grant(open, { client_secret: 'x' })).body).toEqual({ error: 'invalid_client' });
    expect((await grant(open, { grant_type: 'password' })).status).toBe(400);
    expect((await grant(open, { audience: 'nobody' })).status).toBe(400);
    expect((await open.call('GET', '/connect/v2/orders')).status).toBe(401);
    await open.call('POST', '/sandbox/connect', { tokenSeconds: 60 });
    const answer = await grant(open);
    expect(answer.body).toMatchObject({ token_type: 'Bearer', expires_in: 60 });
    const headers = { authorization: `Bearer ${answer.body.access_token}` };
    expect((await open.call('GET', '/connect/v2/orders', undefined, headers)).status).toBe(200);
    open.clock.nowMs += 60_000;
    expect((await open.call('GET', '/connect/v2/orders', undefined, headers)).status).toBe(401);
  });
});

describe('orders at Connect', () => {
  it('are those of all linked marketplaces, or of one', async () => {
    const open = openSandbox({ historyOrders: 200 });
    const all = await readAll(
      await reader(open, 'sandbox-company'),
      '?limit=30&updated_from=2020-01-01T00:00:00Z',
    );
    expect([all.length, new Set(all.map(({ id }) => id)).size]).toEqual([200, 200]);
    const one = await readAll(
      await reader(open, 'sandbox-company-techno-us'),
      '?limit=100&updated_from=2020-01-01T00:00:00Z',
    );
    expect([one.length, new Set(one.map(({ origin }) => origin.channel_id))]).toEqual([
      60,
      new Set(['0002']),
    ]);
  });

  it('come newest change first and reach back 30 days unless asked', async () => {
    const open = openSandbox({ historyOrders: 1_000 });
    const read = await reader(open, 'sandbox-company');
    const recent = await readAll(read, '?limit=100');
    const updated = recent.map((order) => Date.parse(order.updated_at));
    expect(updated).toEqual([...updated].sort((left, right) => right - left));
    expect(Math.min(...updated)).toBeGreaterThanOrEqual(open.clock.nowMs - 30 * 86_400_000);
    const ascending = await readAll(read, '?limit=100&sort=updated_at,ASC');
    expect(ascending.map(({ id }) => id)).toEqual(recent.map(({ id }) => id).reverse());
    expect((await read('?sort=price')).status).toBe(400);
  });

  it('do not shift while others change', async () => {
    const open = openSandbox({ historyOrders: 100 });
    const read = await reader(open, 'sandbox-company-maison-fr');
    const first = (await read('?limit=20&sort=updated_at,ASC&updated_from=2020-01-01T00:00:00Z')).body;
    const moved = first.data[3].channel_order_id;
    await open.call('POST', `/sandbox/mirakl/maison-fr/orders/${moved}/advance`, { touch: true });
    const rest = await readAll(read, `?page_token=${encodeURIComponent(first.next_page_token)}`);
    const ids = rest.map(({ channel_order_id: id }) => id);
    expect(
      new Set([...first.data.map((order: Answered['body']) => order.channel_order_id), ...ids]).size,
    ).toBe(50);
    expect(ids.at(-1)).toBe(moved);
  });

  it('are worth as much as the seller API says, though no amount includes tax', async () => {
    const open = openSandbox({ historyOrders: 400 });
    const { mirakl } = (await open.call('GET', '/sandbox/truth')).body;
    for (const marketplace of ['maison-fr', 'techno-us', 'nordmarkt-de']) {
      const orders = await readAll(
        await reader(open, `sandbox-company-${marketplace}`),
        '?limit=100&updated_from=2020-01-01T00:00:00Z',
      );
      const cents = (money: { amount: number }): number => Math.round(money.amount * 100);
      const worth = orders
        .flatMap((order) => order.order_lines)
        .map(
          (line) =>
            cents(line.price) +
            cents(line.total_shipping_price) +
            [...line.taxes, ...line.shipping_taxes].reduce(
              (sum, tax) => sum + cents(tax.seller_collectible),
              0,
            ),
        )
        .reduce((sum, each) => sum + each, 0);
      expect(Object.values(mirakl[marketplace].money)).toEqual([(worth / 100).toFixed(2)]);
    }
  });

  it('show refunds and cancelations as adjustments with ids of their own, and no refund state', async () => {
    const open = openSandbox({ historyOrders: 600 });
    const orders = await readAll(
      await reader(open, 'sandbox-company'),
      '?limit=100&updated_from=2020-01-01T00:00:00Z',
    );
    const adjustments = orders.flatMap((order) => order.order_lines).flatMap((line) => line.adjustments);
    expect(new Set(adjustments.map(({ adjustment_id: id }) => id)).size).toBe(adjustments.length);
    expect(new Set(adjustments.map(({ type }) => type))).toEqual(new Set(['REFUND', 'CANCELATION']));
  });

  it('say when somebody was taken out of them', async () => {
    const open = openSandbox({ historyOrders: 20 });
    const id = (await open.mirakl('maison-fr')).body.orders[0].order_id;
    await open.call('POST', `/sandbox/mirakl/maison-fr/orders/${id}/advance`, { anonymize: true });
    const read = await reader(open, 'sandbox-company');
    const order = (await read(`?order_ids=0001_${id}`)).body.data[0];
    expect(order.anonymized_at).toBe(new Date(open.clock.nowMs).toISOString().replace('.000Z', 'Z'));
    expect([order.shipping_info.email, order.shipping_info.address]).toEqual([undefined, undefined]);
    const seen = (await open.mirakl('maison-fr', `?order_ids=${id}`)).body.orders[0];
    expect([
      seen.customer.firstname,
      seen.customer.shipping_address,
      seen.customer_notification_email,
    ]).toEqual(['', null, undefined]);
  });
});

describe('returns at Connect', () => {
  it('need a date to begin with', async () => {
    const open = openSandbox({ historyOrders: 1_000 });
    const read = await reader(open, 'sandbox-company');
    expect((await read('/returns')).status).toBe(400);
    const rows = await readAll(
      (query) => read(`/returns${query}`),
      '?limit=10&updated_from=2020-01-01T00:00:00Z',
    );
    const truth = (await open.call('GET', '/sandbox/mirakl/maison-fr/orders')).body.flatMap(
      (order: Answered['body']) => order.returns,
    );
    expect(rows.filter(({ origin }) => origin.channel_id === '0001')).toHaveLength(truth.length);
  });
});
