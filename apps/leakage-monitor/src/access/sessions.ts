import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { ROLES } from '../http/route.ts';
import type { Actor } from './actor.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** How long a console that was opened once stays open. With an identity provider roles may change: half a day. */
export const SESSION_LIFETIME_MS = { token: 30 * DAY_MS, identity_provider: DAY_MS / 2 } as const;

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * The cookie that a browser gets: who it is and until when, sealed so that it can be neither read nor changed. It ends
 * by itself and dies with the secret. Nobody has to keep it, so any replica may open it.
 */
export class Sessions {
  readonly #key: Buffer;

  constructor(secret: string) {
    this.#key = createHash('sha256').update(`console-session|${secret}`, 'utf8').digest();
  }

  seal({ subject, name, role, signedInBy }: Actor, now: Date): string {
    const content = JSON.stringify(['actor', subject, name, role, signedInBy]);
    return this.sealText(content, SESSION_LIFETIME_MS[signedInBy], now);
  }

  /** Undefined for a session that has ended or was not sealed here. */
  open(session: string, now: Date): Actor | undefined {
    const text = this.openText(session, now);
    if (text === undefined) return undefined;
    const content: unknown = JSON.parse(text);
    const [kind, subject, name, role, signedInBy]: unknown[] = Array.isArray(content) ? content : [];
    const known = ROLES.find((one) => one === role);
    if (kind !== 'actor' || typeof subject !== 'string' || known === undefined) return undefined;
    return {
      subject,
      name: typeof name === 'string' ? name : null,
      role: known,
      signedInBy: signedInBy === 'identity_provider' ? 'identity_provider' : 'token',
    };
  }

  sealText(text: string, lifetimeMs: number, now: Date): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, nonce);
    const content = `${now.getTime() + lifetimeMs}|${text}`;
    const sealed = Buffer.concat([cipher.update(content, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
  }

  /** Undefined for what has ended or was not sealed here. */
  openText(sealed: string, now: Date): string | undefined {
    const content = this.#decipher(Buffer.from(sealed, 'base64url'));
    const [expires = '', ...rest] = content?.split('|') ?? [];
    return Number(expires) > now.getTime() ? rest.join('|') : undefined;
  }

  #decipher(bytes: Buffer): string | undefined {
    if (bytes.length <= NONCE_BYTES + TAG_BYTES) return undefined;
    const decipher = createDecipheriv(CIPHER, this.#key, bytes.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const parts = [decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES))];
    try {
      parts.push(decipher.final());
    } catch {
      // The one thing that final() says of a text that was not sealed here.
      return undefined;
    }
    return Buffer.concat(parts).toString('utf8');
  }
}
