import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Who is asking, and what they may do. */
export interface Actor {
  readonly subject: string;
  readonly role: 'viewer' | 'operator' | 'admin';
}

/** How long a console that was opened once stays open. */
export const SESSION_LIFETIME_MS = 30 * 24 * 60 * 60 * 1000;

const LOCAL_ACTOR: Actor = { subject: 'local', role: 'admin' };

/**
 * Access by the one token that the command printed when it started. The cookie that a browser gets for it holds
 * only an expiry and a seal over it: it ends by itself, dies with the token, and does not show the token.
 */
export class LocalAccess {
  constructor(private readonly token: string) {}

  actorByToken(candidate: string): Actor | undefined {
    return sameText(candidate, this.token) ? LOCAL_ACTOR : undefined;
  }

  actorBySession(session: string, now: Date): Actor | undefined {
    const [expires = '', seal = ''] = session.split('.');
    if (!/^\d{1,16}$/.test(expires) || !sameText(seal, this.#sealOf(expires))) return undefined;
    return Number(expires) > now.getTime() ? LOCAL_ACTOR : undefined;
  }

  newSession(now: Date): string {
    const expires = String(now.getTime() + SESSION_LIFETIME_MS);
    return `${expires}.${this.#sealOf(expires)}`;
  }

  #sealOf(expires: string): string {
    return createHmac('sha256', this.token).update(`console-session|${expires}`).digest('base64url');
  }
}

/** Compares in a time that says nothing about where the texts differ, nor how long they are. */
function sameText(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
