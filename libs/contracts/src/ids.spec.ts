import { describe, expect, it } from '@jest/globals';
import { buyerIdOf, eventIds, marketplaceIdOf, orderIdOf, orderKeyOf, refundFactId } from './ids.ts';

const key = 'a key that is at least thirty-two characters';

describe('ids', () => {
  it('keeps an order id that has colons in it whole', () => {
    const orderKey = orderKeyOf('maison-fr', 'A:1:2');
    expect(orderKey).toBe('maison-fr:A:1:2');
    expect(marketplaceIdOf(orderKey)).toBe('maison-fr');
    expect(orderIdOf(orderKey)).toBe('A:1:2');
  });

  it('gives each partial refund an id of its own', () => {
    expect(eventIds.refunded('m:A-1', '7')).toBe('m:A-1:refunded:7');
    expect(eventIds.refunded('m:A-1', '8')).not.toBe(eventIds.refunded('m:A-1', '7'));
    expect(eventIds.cancelled('m:A-1', 'all')).toBe('m:A-1:cancelled:all');
    expect(eventIds.line('m:A-1', 'A-1-1')).toBe('m:A-1:line:A-1-1');
    expect(refundFactId('m:A-1', 'return', '9')).toBe('m:A-1:return:9');
  });

  it('hides the address, is stable, and changes with the key', () => {
    const id = buyerIdOf('ada@example.com', key);
    expect(id).toMatch(/^[a-f0-9]{64}$/);
    expect(buyerIdOf('ada@example.com', key)).toBe(id);
    expect(buyerIdOf('ada@example.com', `${key}!`)).not.toBe(id);
    expect(buyerIdOf('ada+1@example.com', key)).not.toBe(id);
  });

  it('refuses a short key', () => {
    expect(() => buyerIdOf('ada@example.com', 'short')).toThrow('at least 32 characters');
  });
});
