import { describe, expect, it } from '@jest/globals';
import { orderFact } from '../testing.fixture.ts';
import { newestFacts, withoutBuyer } from './recent-fact.ts';

const field = (value: string | string[] | null) => ({ code: 'c', type: null, value });

describe('an order that is kept for the preview of a mapping', () => {
  it('says nothing of its buyer', () => {
    const fact = orderFact('m:A-1', {
      buyer: {
        contacts: [{ field: 'customer_notification_email', value: 'ada@example.com' }],
        firstName: 'Ada',
        lastName: 'Lovelace',
        locale: 'fr_FR',
        countryCode: 'FRA',
        country: 'France',
        region: 'Bretagne',
        city: 'Rennes',
        postalCode: '35000',
        phone: '+33 6 12 34 56 78',
      },
      additionalFields: [
        field('write to ada@example.com'),
        field('+33 6 12 34 56 78'),
        field(['06.12.34.56.78']),
      ],
    });
    const kept = JSON.stringify(withoutBuyer(fact));
    for (const personal of ['ada', 'Ada', 'Lovelace', 'Rennes', '35000', '12 34', '12.34'])
      expect(kept).not.toContain(personal);
    expect(withoutBuyer(fact).additionalFields.map(({ value }) => value)).toEqual([
      'xxxxx xx xxx@xxxxxxx.xxx',
      '+99 9 99 99 99 99',
      ['99.99.99.99.99'],
    ]);
  });

  it('keeps what a mapping is tried on: words, dates, amounts', () => {
    const values = ['Gift wrap: yes', '2026-03-01', '2026-03-01T10:15:00Z', '1234.50', '12', null];
    const fact = orderFact('m:A-1', { additionalFields: values.map((value) => field(value)) });
    expect(withoutBuyer(fact).additionalFields.map(({ value }) => value)).toEqual(values);
  });

  it('is among the newest of its marketplace, at its highest revision', () => {
    const facts = [
      orderFact('m:A-1', { createdAt: '2026-03-01T00:00:00Z', revision: 2 }),
      orderFact('m:A-1', { createdAt: '2026-03-01T00:00:00Z', revision: 1 }),
      orderFact('m:A-2', { createdAt: '2026-03-02T00:00:00Z' }),
      orderFact('m:A-3', { createdAt: '2026-02-01T00:00:00Z' }),
      orderFact('n:A-1', { createdAt: '2025-01-01T00:00:00Z' }),
    ];
    expect(newestFacts(facts, 2).map(({ orderKey, revision }) => [orderKey, revision])).toEqual([
      ['m:A-2', 1],
      ['m:A-1', 2],
      ['n:A-1', 1],
    ]);
  });
});
