import { describe, expect, it } from '@jest/globals';
import { buyerEvent, NOW, policy } from '../writer.fixture.ts';
import { assertNothingDropped, assertSame, onTheWire } from './assert-nothing-dropped.ts';
import { buildKlaviyoEvents } from './build-event.ts';
import { singleRequest } from './event-requests.ts';

describe('what the SDK sends', () => {
  it('is what it was asked to send, on both routes', async () => {
    await expect(assertNothingDropped()).resolves.toBeUndefined();
  });

  it('is noticed when it is not', () => {
    expect(() => assertSame({ unique_id: 'x', value: 1 }, { value: 1 }, 'POST /api/events')).toThrow(
      'changes what it is given for POST /api/events',
    );
  });

  it('uses the names of Klaviyo, and leaves the keys inside properties alone', () => {
    const [event] = buildKlaviyoEvents(buyerEvent(), { policy, now: NOW });
    expect(onTheWire(singleRequest(event!))).toMatchObject({
      data: {
        type: 'event',
        attributes: {
          unique_id: 'maison-fr:A-1:placed',
          value: 49.9,
          value_currency: 'EUR',
          time: '2026-11-20T11:00:00.000Z',
          properties: { OrderId: 'A-1', $extra: { OrderKey: 'maison-fr:A-1' } },
          profile: { data: { attributes: { first_name: 'Zoé', properties: { 'Marketplace Orders': 1 } } } },
        },
      },
    });
  });
});
