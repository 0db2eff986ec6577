import { describe, expect, it } from '@jest/globals';
import { LocalAccess, SESSION_LIFETIME_MS } from './local-access.ts';

const now = new Date('2026-03-01T00:00:00Z');
const access = new LocalAccess('a-token-for-tests-only');

describe('local access', () => {
  it('lets the token in, and nothing that only resembles it', () => {
    expect(access.actorByToken('a-token-for-tests-only')).toEqual({ subject: 'local', role: 'admin' });
    for (const wrong of ['', 'a-token-for-tests-onl', 'a-token-for-tests-only ', 'A-TOKEN-FOR-TESTS-ONLY']) {
      expect(access.actorByToken(wrong)).toBeUndefined();
    }
  });

  it('lets a session in until it expires, to the millisecond', () => {
    const session = access.newSession(now);
    expect(access.actorBySession(session, new Date(now.getTime() + SESSION_LIFETIME_MS - 1))).toBeDefined();
    expect(access.actorBySession(session, new Date(now.getTime() + SESSION_LIFETIME_MS))).toBeUndefined();
  });

  it('refuses a session that was lengthened, cut, or made with another token', () => {
    const [expires = '', seal = ''] = access.newSession(now).split('.');
    const other = new LocalAccess('another-token-entirely').newSession(now);
    for (const wrong of [`${Number(expires) + 1}.${seal}`, expires, `${expires}.`, `.${seal}`, other, '']) {
      expect(access.actorBySession(wrong, now)).toBeUndefined();
    }
  });
});
