import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { klaviyoHeaders, openSandbox, singleEvent, type OpenSandbox } from '../sandbox.fixture.ts';
import type { Json } from '../http/json.ts';

let open: OpenSandbox;
let base: string;

beforeEach(async () => {
  open = openSandbox({ historyOrders: 50 });
  base = await open.sandbox.http.listen({ host: '127.0.0.1', port: 0 });
});

afterEach(async () => {
  await open.sandbox.http.close();
  expect(open.bugs).toEqual([]);
});

const fault = (body: { readonly [key: string]: Json }): Promise<unknown> =>
  open.call('POST', '/sandbox/faults', body);
const orders = (): Promise<Response> =>
  fetch(`${base}/mirakl/maison-fr/api/orders`, {
    headers: { authorization: 'sandbox-maison-fr-key' },
    signal: AbortSignal.timeout(500),
  });
const send = (id: string): Promise<Response> =>
  fetch(`${base}/klaviyo/api/events`, {
    method: 'POST',
    headers: klaviyoHeaders,
    body: JSON.stringify(singleEvent({ id })),
    signal: AbortSignal.timeout(500),
  });
const stored = async (): Promise<{ events: number; lost: number; repeatsIgnored: number }> => {
  open.clock.nowMs += 300;
  return (await open.call('GET', '/sandbox/truth')).body.klaviyo;
};

describe('faults of Mirakl', () => {
  it('strike as often as told, then no more', async () => {
    await fault({ target: 'mirakl:maison-fr', kind: 'status', status: 503, times: 2 });
    const statuses = [(await orders()).status, (await orders()).status, (await orders()).status];
    expect(statuses).toEqual([503, 503, 200]);
  });

  it('leave the other marketplaces and other paths alone', async () => {
    await fault({ target: 'mirakl:techno-us', kind: 'status' });
    await fault({ target: 'mirakl:maison-fr', kind: 'status', pathPrefix: '/api/returns' });
    expect((await orders()).status).toBe(200);
  });

  it('answer 429 with Retry-After, or with HTML', async () => {
    await fault({ target: 'mirakl:maison-fr', kind: 'status', status: 429, retryAfter: 3, times: 1 });
    const throttled = await orders();
    expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '3']);
    await fault({ target: 'mirakl:maison-fr', kind: 'html', status: 502, times: 1 });
    const html = await orders();
    expect([html.status, html.headers.get('content-type'), (await html.text()).startsWith('<html>')]).toEqual(
      [502, 'text/html', true],
    );
  });

  it('cut a JSON in half with status 200', async () => {
    await fault({ target: 'mirakl:maison-fr', kind: 'torn-json', times: 1 });
    const answer = await orders();
    expect(answer.status).toBe(200);
    await expect(answer.json()).rejects.toThrow('JSON');
  });

  it('hang until the caller gives up', async () => {
    await fault({ target: 'mirakl:maison-fr', kind: 'hang', times: 1 });
    await expect(orders()).rejects.toThrow('timeout');
    expect((await orders()).status).toBe(200);
  });

  it('reset the connection', async () => {
    await fault({ target: 'mirakl:maison-fr', kind: 'reset', times: 1 });
    await expect(orders()).rejects.toThrow('fetch failed');
    expect((await orders()).status).toBe(200);
  });

  it('hold an answer back', async () => {
    await fault({ target: 'mirakl:maison-fr', kind: 'delay', delayMs: 60, times: 1 });
    const before = performance.now();
    expect((await orders()).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(55);
  });
});

describe('faults of Klaviyo', () => {
  it.each([
    ['store-then-500', async (): Promise<void> => expect((await send('a')).status).toBe(500)],
    ['store-then-reset', async (): Promise<void> => expect(send('a')).rejects.toThrow('fetch failed')],
    ['store-then-hang', async (): Promise<void> => expect(send('a')).rejects.toThrow('timeout')],
  ] as const)('%s stores what it seems to refuse, and a second try is a repeat', async (kind, tryIt) => {
    await fault({ target: 'klaviyo', kind, times: 1 });
    await tryIt();
    expect((await send('a')).status).toBe(202);
    expect(await stored()).toMatchObject({ events: 1, repeatsIgnored: 1 });
  });

  it('accept-then-lose answers 202 and forgets; the same id can be sent again', async () => {
    await fault({ target: 'klaviyo', kind: 'accept-then-lose', times: 1 });
    expect([(await send('a')).status, (await send('a')).status]).toEqual([202, 202]);
    expect(await stored()).toMatchObject({ events: 1, lost: 1, repeatsIgnored: 0 });
  });

  it('a 429 of a fault is not one of the quota', async () => {
    await fault({ target: 'klaviyo', kind: 'status', status: 429, retryAfter: 1, times: 1 });
    expect((await send('a')).status).toBe(429);
    expect((await open.call('GET', '/sandbox/truth')).body.klaviyo).toMatchObject({
      throttled: 0,
      statuses: { 429: 1 },
    });
  });

  it('strike a share of the calls, the same calls for the same seed', async () => {
    const run = async (): Promise<readonly number[]> => {
      const other = openSandbox();
      await other.call('POST', '/sandbox/faults', { target: 'klaviyo', kind: 'status', ratio: 0.3 });
      const statuses: number[] = [];
      for (let call = 0; call < 60; call += 1)
        statuses.push((await other.klaviyo('POST', '/api/events', singleEvent({ id: `${call}` }))).status);
      return statuses;
    };
    const statuses = await run();
    const struck = statuses.filter((status) => status === 500).length;
    expect(struck).toBeGreaterThan(8);
    expect(struck).toBeLessThan(30);
    expect(await run()).toEqual(statuses);
  });

  it('end when they are taken away', async () => {
    await fault({ target: 'klaviyo', kind: 'status' });
    await open.call('DELETE', '/sandbox/faults');
    expect((await send('a')).status).toBe(202);
  });
});
