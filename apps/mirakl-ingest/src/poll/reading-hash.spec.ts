import { describe, expect, it } from '@jest/globals';
import { readingHash } from './reading-hash.ts';

const contact = {
  emailFrom: ['customer_notification_email'],
  use: 'direct_only',
  relayDomains: [],
  placeholders: [],
} as const;
const policy = { orderTaxMode: 'TAX_INCLUDED', shopId: null, contact } as const;

describe('readingHash', () => {
  it('changes with what decides how an order is read', () => {
    const base = readingHash(policy);
    expect(readingHash({ ...policy, orderTaxMode: 'TAX_EXCLUDED' })).not.toBe(base);
    expect(readingHash({ ...policy, shopId: '2001' })).not.toBe(base);
    expect(readingHash({ ...policy, contact: { ...contact, emailFrom: ['additional:email'] } })).not.toBe(
      base,
    );
  });

  it('stays with what only decides what happens to it later', () => {
    expect(
      readingHash({ ...policy, contact: { ...contact, use: 'none', relayDomains: ['relay.example'] } }),
    ).toBe(readingHash(policy));
  });
});
