import { describe, expect, it } from '@jest/globals';
import type { Actor } from './actor.ts';
import { SESSION_LIFETIME_MS, Sessions } from './sessions.ts';

const now = new Date('2026-03-01T00:00:00Z');
const actor: Actor = { subject: 'jane', name: 'Jane', role: 'operator', signedInBy: 'identity_provider' };
const sessions = new Sessions('a-secret-for-tests-only');
const later = (ms: number) => new Date(now.getTime() + ms);

describe('a session', () => {
  it('says who it is until it ends, to the millisecond', () => {
    const session = sessions.seal(actor, now);
    const lifetime = SESSION_LIFETIME_MS.identity_provider;
    expect(sessions.open(session, later(lifetime - 1))).toEqual(actor);
    expect(sessions.open(session, later(lifetime))).toBeUndefined();
  });

  it('is refused when it was changed, cut, made with another secret or for another purpose', () => {
    const session = sessions.seal(actor, now);
    const bytes = Buffer.from(session, 'base64url');
    const changed = bytes.map((byte, index) => (index === bytes.length - 1 ? byte ^ 1 : byte));
    const other = new Sessions('another-secret').seal(actor, now);
    const purpose = sessions.sealText(JSON.stringify({ state: 's' }), 1_000, now);
    for (const wrong of [
      Buffer.from(changed).toString('base64url'),
      session.slice(0, 20),
      other,
      purpose,
      '',
    ]) {
      expect(sessions.open(wrong, now)).toBeUndefined();
    }
  });

  it('shows nothing of who it is', () => {
    expect(Buffer.from(sessions.seal(actor, now), 'base64url').toString('latin1')).not.toContain('jane');
  });
});
