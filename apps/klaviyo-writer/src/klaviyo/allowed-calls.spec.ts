import { describe, expect, it } from '@jest/globals';
import { ALLOWED_CALLS, assertAllowed, ForbiddenCallError } from './allowed-calls.ts';

const BASE = 'https://a.klaviyo.com';

/** Every call of the official specification that changes consent, suppression or the members of a list. */
const forbidden = [
  'POST /api/profile-subscription-bulk-create-jobs',
  'POST /api/profile-subscription-bulk-delete-jobs',
  'POST /api/profile-suppression-bulk-create-jobs',
  'POST /api/profile-suppression-bulk-delete-jobs',
  'POST /api/lists/abc/relationships/profiles',
  'DELETE /api/lists/abc/relationships/profiles',
  'POST /api/profile-bulk-import-jobs',
  'POST /client/subscriptions',
  'POST /api/push-tokens',
  'POST /api/back-in-stock-subscriptions',
  'POST /client/back-in-stock-subscriptions',
  'POST /api/profile-merge',
  'DELETE /api/lists/abc',
];

describe('the list of allowed calls', () => {
  it('lets each listed call pass, and says which it is', () => {
    for (const [name, { method, path }] of Object.entries(ALLOWED_CALLS)) {
      expect(assertAllowed(method, `${BASE}${path}?page[size]=1`, BASE)).toBe(name);
    }
  });

  it.each(forbidden)('refuses %s', (call) => {
    const [method = '', path = ''] = call.split(' ');
    expect(() => assertAllowed(method, `${BASE}${path}`, BASE)).toThrow(ForbiddenCallError);
  });

  it.each([
    ['another host', 'POST', 'https://example.org/api/events'],
    ['another scheme', 'POST', 'http://a.klaviyo.com/api/events'],
    ['another method', 'DELETE', `${BASE}/api/events`],
    ['a trailing slash', 'POST', `${BASE}/api/events/`],
    ['a way up', 'POST', `${BASE}/api/events/../profile-subscription-bulk-create-jobs`],
    ['an encoded path', 'POST', `${BASE}/api/%65vents`],
    ['a host that only begins alike', 'POST', `${BASE}.example.org/api/events`],
    ['no address at all', 'POST', 'api/events'],
  ])('refuses %s', (_what, method, address) => {
    expect(() => assertAllowed(method, address, BASE)).toThrow(ForbiddenCallError);
  });

  it('works below a base path', () => {
    const base = 'http://127.0.0.1:4401/klaviyo';
    expect(assertAllowed('post', `${base}/api/events`, base)).toBe('createEvent');
    expect(() => assertAllowed('POST', 'http://127.0.0.1:4401/api/events', base)).toThrow(ForbiddenCallError);
  });

  it('keeps what the address asks for out of its message', () => {
    expect(() =>
      assertAllowed('GET', `${BASE}/api/lists?filter=equals(email,"a@example.org")`, BASE),
    ).toThrow('GET https://a.klaviyo.com/api/lists is not among');
  });

  it('needs no scope that could change consent or lists', () => {
    const scopes = new Set(Object.values(ALLOWED_CALLS).map(({ scope }) => scope));
    expect([...scopes].sort()).toEqual([
      'accounts:read',
      'events:read',
      'events:write',
      'metrics:read',
      'profiles:read',
      'profiles:write',
    ]);
  });

  it('of the privacy key holds erasure and nothing else, and that of delivery no erasure', () => {
    const erasure = `${BASE}/api/data-privacy-deletion-jobs`;
    expect(assertAllowed('POST', erasure, BASE, 'privacy')).toBe('eraseProfile');
    expect(() => assertAllowed('POST', erasure, BASE)).toThrow(ForbiddenCallError);
    for (const { method, path } of Object.values(ALLOWED_CALLS))
      expect(() => assertAllowed(method, `${BASE}${path}`, BASE, 'privacy')).toThrow(ForbiddenCallError);
  });
});
