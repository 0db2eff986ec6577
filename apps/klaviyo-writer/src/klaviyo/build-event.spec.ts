import { describe, expect, it } from '@jest/globals';
import type { BuyerEvent } from '@watertight/contracts';
import { buyerEvent, buyerProfile, NOW, policy } from '../writer.fixture.ts';
import { buildKlaviyoEvents, withoutProfile } from './build-event.ts';
import { fitProperties } from './build-profile.ts';
import { LISTS_CUT_PROPERTY, PROFILE_PROPERTIES } from './profile-properties.ts';

const build = (event: BuyerEvent) => buildKlaviyoEvents(event, { policy, now: NOW });

const refund = buyerEvent('A-1', {
  eventId: 'maison-fr:A-1:refunded:r-9',
  type: 'order.refunded',
  amount: { amount: '10.00', currency: 'USD' },
  amountReporting: { amount: '9.20', currency: 'EUR' },
  change: {
    id: 'r-9',
    lineId: 'A-1-2',
    quantity: 1,
    reasonCode: '14',
    runningTotal: { amount: '25.00', currency: 'USD' },
  },
  lines: 2,
});

describe('Klaviyo events of a placed order', () => {
  it('are Placed Order and one Ordered Product per line, each with the id of its own', () => {
    const events = build(buyerEvent('A-1', { lines: 2 }));
    expect(events.map(({ metric, uniqueId }) => `${metric} ${uniqueId}`)).toEqual([
      'Placed Order maison-fr:A-1:placed',
      'Ordered Product maison-fr:A-1:line:A-1-1',
      'Ordered Product maison-fr:A-1:line:A-1-2',
    ]);
  });

  it('carry order id, marketplace and channel on every one', () => {
    for (const { properties } of build(buyerEvent())) {
      expect(properties).toMatchObject({ OrderId: 'A-1', Marketplace: 'Maison', Channel: 'Maison FR' });
    }
  });

  it('carry the profile once; the lines name the person only', () => {
    const [placed, line] = build(buyerEvent());
    expect(placed).toMatchObject({ profileVersion: 1 });
    expect(placed?.profile).toMatchObject({
      email: 'buyer-a-1@example.org',
      firstName: 'Zoé',
      locale: 'fr-FR',
      location: { city: 'Lyon', country: 'FR', zip: '69001' },
      properties: { 'Marketplace Orders': 1, 'Marketplace Net': 49.9, 'Marketplace SKUs': ['LAMP-01'] },
    });
    expect(line).toMatchObject({ profile: { email: 'buyer-a-1@example.org' }, profileVersion: null });
  });

  it('carry no phone number but the one that may be sent, and that with the profile only', () => {
    expect(JSON.stringify(build(buyerEvent()))).not.toContain('+33600000000');
    const [placed, line] = build(buyerEvent('A-1', { profile: { phoneForKlaviyo: '+33612345678' } }));
    expect(placed?.profile.phoneNumber).toBe('+33612345678');
    expect(line?.profile).not.toHaveProperty('phoneNumber');
  });

  it('leave out what is not known instead of clearing it', () => {
    const [placed] = build(
      buyerEvent('A-1', { profile: { firstName: null, city: null, country: null, postalCode: null } }),
    );
    expect(placed?.profile).not.toHaveProperty('firstName');
    expect(placed?.profile).not.toHaveProperty('location');
    expect(JSON.stringify(placed)).not.toContain('null,');
  });
});

describe('the amount of an event', () => {
  it('is in the reporting currency, with the original as properties', () => {
    const [event] = build(refund);
    expect(event?.value).toEqual({ amount: 9.2, currency: 'EUR' });
    expect(event?.properties).toMatchObject({ OriginalAmount: 10, OriginalCurrency: 'USD' });
  });

  it('is left out where there is no rate', () => {
    const [event] = build(buyerEvent('A-1', { amountReporting: null }));
    expect(event?.value).toBeNull();
  });
});

describe('a refund', () => {
  it('has its own id and says how much was refunded so far', () => {
    const events = build(refund);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ metric: 'Refunded Order', uniqueId: 'maison-fr:A-1:refunded:r-9' });
    expect(events[0]?.properties).toMatchObject({
      RefundId: 'r-9',
      Reason: '14',
      Quantity: 1,
      RefundTotalToDate: 25,
    });
  });

  it('names the line it is about, and only that', () => {
    expect(build(refund)[0]?.properties).toMatchObject({ SKUs: ['LAMP-02'], ItemCount: 1 });
  });
});

describe('history', () => {
  it('starts no flow', () => {
    const old = build(buyerEvent('A-1', { occurredAt: '2026-11-17T11:59:59Z' }));
    expect(old.map(({ backfill }) => backfill)).toEqual([true, true]);
  });

  it('ends exactly at the configured age', () => {
    const [event] = build(buyerEvent('A-1', { occurredAt: '2026-11-17T12:00:00Z' }));
    expect(event?.backfill).toBe(false);
  });
});

describe('mapped attributes', () => {
  it('become properties, and never replace one that flows rely on', () => {
    const [event] = build(
      buyerEvent('A-1', { attributes: { 'Gift Wrap': true, OrderId: 'x', Items: ['x'] } }),
    );
    expect(event?.properties).toMatchObject({
      'Gift Wrap': true,
      OrderId: 'A-1',
      Items: [{ SKU: 'LAMP-01' }],
    });
  });
});

describe('mapped attributes of lines and profiles', () => {
  it('become properties of the line and of the profile, and replace none of ours', () => {
    const event = buyerEvent('A-1', {
      profile: { attributes: { 'Shoe Size': 42, 'Marketplace Orders': 99 } },
    });
    const lines = event.order.lines.map((line) => ({
      ...line,
      attributes: { Colour: 'oak', OrderId: 'x', SKU: 'x' },
    }));
    const [placed, line] = build({ ...event, order: { ...event.order, lines } });
    expect(placed?.profile.properties).toMatchObject({ 'Shoe Size': 42, 'Marketplace Orders': 1 });
    expect(line?.properties).toMatchObject({ Colour: 'oak', OrderId: 'A-1', SKU: 'LAMP-01' });
    expect(placed?.properties).toMatchObject({ Items: [{ Colour: 'oak', SKU: 'LAMP-01' }] });
  });
});

describe('an event without its profile', () => {
  it('names the person only', () => {
    const [event] = build(buyerEvent());
    expect(event && withoutProfile(event)).toMatchObject({
      profile: { email: 'buyer-a-1@example.org' },
      profileVersion: null,
    });
    expect(event && withoutProfile(event).profile).not.toHaveProperty('properties');
  });
});

describe('profile properties', () => {
  it('all have the prefix and are flat', () => {
    for (const { name, read } of PROFILE_PROPERTIES) {
      expect(name).toMatch(/^Marketplace [A-Z]/);
      const value = read(buyerProfile('a@example.org'));
      if (Array.isArray(value)) expect(value.every((item) => typeof item === 'string')).toBe(true);
      else expect(typeof value === 'object' && value !== null).toBe(false);
    }
  });

  const long = (count: number, bytes: number) =>
    Array.from({ length: count }, (_, index) => `${index}-`.padEnd(bytes, 'x'));
  const sizeOf = (properties: unknown) => Buffer.byteLength(JSON.stringify(properties));

  it('leave out the oldest SKUs when they are too large, no more than it takes, and say so', () => {
    const skus = long(200, 1_000);
    const fitted = fitProperties({ 'Marketplace SKUs': skus, 'Marketplace Orders': 3 });
    expect(fitted['Marketplace SKUs']).toEqual(skus.slice(0, 59));
    expect(fitted).toMatchObject({ 'Marketplace Orders': 3, [LISTS_CUT_PROPERTY]: true });
    expect(sizeOf(fitted)).toBeLessThanOrEqual(60_000);
    expect(sizeOf({ ...fitted, 'Marketplace SKUs': skus.slice(0, 60) })).toBeGreaterThan(60_000);
  });

  it('leave out the oldest titles before any SKU, and SKUs before a mapped list', () => {
    const [titles, skus, mapped] = [long(100, 300), long(100, 300), long(100, 400)];
    const all = { Mapped: mapped, 'Marketplace SKUs': skus, 'Marketplace Products': titles };
    const little = fitProperties(all, 90_000);
    expect(little).toMatchObject({ Mapped: mapped, 'Marketplace SKUs': skus });
    expect(little['Marketplace Products']).toEqual(titles.slice(0, 63));
    const much = fitProperties(all, 60_000);
    expect(much).toMatchObject({ Mapped: mapped, 'Marketplace Products': [] });
    expect(much['Marketplace SKUs']).toEqual(skus.slice(0, 64));
    expect(fitProperties(all, 20_000)['Mapped']).toEqual(mapped.slice(0, 49));
  });

  it('stay as they are when they fit', () => {
    const properties = { 'Marketplace SKUs': ['a', 'b'] };
    expect(fitProperties(properties)).toBe(properties);
  });
});
