// real: [HTTP, Kafka, PostgreSQL], double: [the console's files]
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type MonitorFixture, monitorFixture, TOKEN } from '../monitor.fixture.ts';
import { orderFact } from '../testing.fixture.ts';
import { waitUntil } from '@watertight/testing';

let fixture: MonitorFixture;
let url: string;
let consoleDir: string;

beforeAll(async () => {
  consoleDir = mkdtempSync(join(tmpdir(), 'watertight-console-'));
  mkdirSync(join(consoleDir, 'assets'));
  writeFileSync(join(consoleDir, 'index.html'), '<!doctype html><title>Console</title>');
  writeFileSync(join(consoleDir, 'assets/app-1a2b.js'), 'export {};');
  fixture = await monitorFixture();
  ({ url } = await fixture.start({ consoleDir }));
}, 60_000);

afterAll(async () => {
  await fixture?.close();
  rmSync(consoleDir, { recursive: true, force: true });
}, 60_000);

const visit = (path: string, init: RequestInit = {}) =>
  fetch(`${url}${path}`, { redirect: 'manual', ...init });

describe('access', () => {
  it.each([
    ['nothing', {}],
    ['a wrong token', { authorization: 'Bearer wrong-token-altogether' }],
    ['another scheme', { authorization: `Basic ${TOKEN}` }],
    ['a made-up cookie', { cookie: 'watertight_0=9999999999999.AAAA' }],
  ])('refuses the API to one who shows %s', async (_shown, headers) => {
    for (const path of [
      '/api/v1/balance',
      '/api/v1/orders/m%3AA-1',
      '/api/v1/live',
      '/api/v1/unheard-of',
      '/api',
    ]) {
      const response = await visit(path, { headers });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ error: { code: 'unauthorized' } });
    }
  });

  it('refuses the API to a token in the address: addresses are kept in logs and histories', async () => {
    expect((await visit(`/api/v1/balance?token=${TOKEN}`)).status).toBe(401);
  });

  it('trades the token in the console address for a cookie that scripts cannot read', async () => {
    const response = await visit(`/orders?token=${TOKEN}&order=m%3AA-1`);
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/orders?order=m%3AA-1');
    const cookie = response.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^watertight_\d+=[\w-]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
    expect(cookie).not.toContain(TOKEN);

    const headers = { cookie: cookie.split(';')[0] ?? '' };
    expect((await visit('/api/v1/balance', { headers })).status).toBe(200);
    const tampered = { cookie: headers.cookie.replace(/=.{8}/, '=AAAAAAAA') };
    expect((await visit('/api/v1/balance', { headers: tampered })).status).toBe(401);
  });

  it("needs the console's header for a change made with the cookie, and not with the token", async () => {
    const { headers: answered } = await visit(`/?token=${TOKEN}`);
    const cookie = answered.get('set-cookie')?.split(';')[0] ?? '';
    const change = (headers: Record<string, string>) => visit('/api/v1/balance', { method: 'POST', headers });
    expect((await change({ cookie })).status).toBe(403);
    expect((await change({ cookie, 'x-watertight-console': '1' })).status).toBe(404);
    expect((await change({ authorization: `Bearer ${TOKEN}` })).status).toBe(404);
  });

  it('gives no cookie for a wrong token, and leads nowhere else', async () => {
    const response = await visit('/?token=wrong');
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(response.headers.get('location')).toBe('/?signin=refused');
    const elsewhere = await visit(`//example.com/?token=${TOKEN}`);
    expect(elsewhere.headers.get('location')).toMatch(/^\/(?![/\\])/);
  });
});

describe('signing in by the form', () => {
  const signIn = (body: unknown, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
    visit('/api/v1/session', { method: 'POST', headers, body: JSON.stringify(body) });

  it('gives the cookie for the token and takes it back', async () => {
    const response = await signIn({ token: TOKEN });
    expect(response.status).toBe(204);
    const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect((await visit('/api/v1/balance', { headers: { cookie } })).status).toBe(200);
    const out = await visit('/api/v1/session', {
      method: 'DELETE',
      headers: { cookie, 'x-watertight-console': '1' },
    });
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0');
  });

  it('refuses what a form of another site could send', async () => {
    const response = await signIn({ token: TOKEN }, { 'content-type': 'text/plain' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'bad_request' } });
  });

  // Last: it closes both ways for a minute.
  it('stops listening after ten wrong tokens, also to the right one, and leaves the API open', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 12; n += 1) statuses.push((await signIn({ token: `wrong-${n}` })).status);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    expect((await signIn({ token: TOKEN })).status).toBe(429);
    expect((await visit(`/?token=${TOKEN}`)).headers.get('set-cookie')).toBeNull();
    expect((await visit('/api/v1/balance', { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(
      200,
    );
  });
});

describe('the console', () => {
  it('is served with a policy that lets only its own scripts run', async () => {
    const response = await visit('/');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/html');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('may keep files with a hash in their name for ever', async () => {
    const response = await visit('/assets/app-1a2b.js');
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('does not hand out files beside its own', async () => {
    for (const path of ['/..%2f..%2fetc%2fpasswd', '/assets/..%2f..%2fpackage.json', '/.env']) {
      expect((await visit(path)).status).toBe(404);
    }
  });
});

describe('the API', () => {
  const headers = { authorization: `Bearer ${TOKEN}` };

  it('answers what it does not know as JSON with a sentence', async () => {
    const response = await visit('/api/v1/unheard-of', { headers });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: 'not_found' } });
    expect((await visit('/api/v1/orders/%E0%A4%A', { headers })).status).toBe(400);
  });

  it('is never kept by a cache', async () => {
    for (const path of ['/balance', '/orders', '/marketplaces', '/exceptions', '/orders/m%3Anobody']) {
      expect((await visit(`/api/v1${path}`, { headers })).headers.get('cache-control')).toBe('no-store');
    }
  });

  it('tells those who watch when the balance changes', async () => {
    const stop = new AbortController();
    const response = await visit('/api/v1/live', { headers, signal: stop.signal });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const text: string[] = [];
    const reading = (async () => {
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) text.push(decoder.decode(chunk, { stream: true }));
    })().catch(() => undefined);
    const told = () => text.join('').match(/event: balance\n/g)?.length ?? 0;
    await waitUntil('the first balance', () => told() === 1);
    await fixture.publish(orderFact('m:LIVE'));
    await waitUntil('the change', () => told() === 2);
    expect(text.join('')).toContain('"captured":{"orders":1,');
    stop.abort();
    await reading;
  });
});
