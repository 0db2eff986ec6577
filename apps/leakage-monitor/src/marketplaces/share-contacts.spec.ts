import { describe, expect, it } from '@jest/globals';
import { shareContacts } from './share-contacts.ts';

describe('contact quality', () => {
  it('is the share of direct addresses among the orders that were judged', () => {
    expect(
      shareContacts([
        { contactClass: 'direct', orders: 2 },
        { contactClass: 'relay', orders: 5 },
        { contactClass: 'direct', orders: 1 },
        { contactClass: '', orders: 92 },
      ]),
    ).toEqual({ orders: 8, classes: { direct: 3, relay: 5 }, directShare: 0.375 });
  });

  it('is not known without orders', () => {
    expect(shareContacts([]).directShare).toBeNull();
  });
});
