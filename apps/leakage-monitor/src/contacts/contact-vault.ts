import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** An address as a field at Mirakl has it, unjudged. */
export interface Contact {
  readonly field: string;
  readonly value: string;
}

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals addresses before they are stored, so that a copy of the database shows none. The key is derived from
 * BUYER_ID_KEY, which the service has anyway; a sealed text belongs to one order and opens for no other.
 */
export class ContactVault {
  readonly #key: Buffer;

  constructor(buyerIdKey: string) {
    this.#key = Buffer.from(hkdfSync('sha256', buyerIdKey, '', 'leakage-monitor|order-contact', 32));
  }

  seal(orderKey: string, contacts: readonly Contact[]): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, nonce).setAAD(Buffer.from(orderKey));
    const text = JSON.stringify(contacts.map(({ field, value }) => [field, value]));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
  }

  /** Throws for a text that was sealed with another key or for another order. */
  open(orderKey: string, sealed: string): Contact[] {
    const bytes = Buffer.from(sealed, 'base64url');
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv(CIPHER, this.#key, nonce)
      .setAAD(Buffer.from(orderKey))
      .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const parts = [decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()];
    const parsed: unknown = JSON.parse(Buffer.concat(parts).toString('utf8'));
    if (!Array.isArray(parsed)) throw new Error('a sealed contact does not hold a list');
    return parsed.map((pair: unknown) => {
      const [field, value]: unknown[] = Array.isArray(pair) ? pair : [];
      return { field: String(field), value: String(value) };
    });
  }
}
