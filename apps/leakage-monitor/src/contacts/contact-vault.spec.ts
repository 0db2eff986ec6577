import { describe, expect, it } from '@jest/globals';
import { ContactVault } from './contact-vault.ts';
import { maskAddress } from './mask-address.ts';

const KEY = 'k'.repeat(32);
const contacts = [{ field: 'customer_notification_email', value: 'jane@example.com' }];

describe('a sealed contact', () => {
  it('opens for its order with the same key, and shows nothing before', () => {
    const sealed = new ContactVault(KEY).seal('m:A-1', contacts);
    expect(new ContactVault(KEY).open('m:A-1', sealed)).toEqual(contacts);
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('jane');
  });

  it('does not open for another order, with another key, or changed', () => {
    const vault = new ContactVault(KEY);
    const sealed = vault.seal('m:A-1', contacts);
    expect(() => vault.open('m:A-2', sealed)).toThrow();
    expect(() => new ContactVault('o'.repeat(32)).open('m:A-1', sealed)).toThrow();
    const [first = '', ...rest] = [...sealed];
    expect(() => vault.open('m:A-1', [first === 'A' ? 'B' : 'A', ...rest].join(''))).toThrow();
  });

  it('is another text each time: equal addresses cannot be told', () => {
    const vault = new ContactVault(KEY);
    expect(vault.seal('m:A-1', contacts)).not.toBe(vault.seal('m:A-1', contacts));
  });
});

describe('a masked address', () => {
  it.each([
    ['jane.doe@mail.example.com', 'j***@m***.com'],
    [' 😀x@bücher.example ', '😀***@b***.example'],
    ['a@localhost', 'a***@l***'],
    ['Jane Doe', 'J***'],
    ['@example.com', '@***'],
    ['', '***'],
  ])('of %p is %p', (text, masked) => {
    expect(maskAddress(text)).toBe(masked);
  });
});
