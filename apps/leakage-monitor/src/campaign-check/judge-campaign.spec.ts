import { describe, expect, it } from '@jest/globals';
import { type CampaignInput, judgeCampaign, type SelectionPart } from './judge-campaign.ts';

const part = (override: Partial<SelectionPart>): SelectionPart => ({
  bucket: 'verified',
  reason: null,
  oldestSince: null,
  currency: 'EUR',
  orders: 1,
  minor: 5_000,
  unknownMoney: 0,
  ...override,
});
const now = new Date('2026-03-10T12:00:00Z');
const fresh = { marketplaceId: 'm', name: 'Maison', health: 'fresh', lastCompletePollAt: null } as const;
const judge = (parts: readonly SelectionPart[], override: Partial<CampaignInput> = {}) =>
  judgeCampaign({ parts, sources: [fresh], usualMs: 90_000, now, ...override });

const relay = part({ bucket: 'uncaptured_contact', reason: 'contact.relay', orders: 3, minor: 9_000 });
const withheld = part({ bucket: 'withheld', reason: 'policy.deliver_nothing' });
const accepted = part({ bucket: 'in_flight', reason: 'klaviyo.accepted', orders: 2 });
const unread = part({
  bucket: 'failed',
  reason: 'source.unparseable',
  oldestSince: '2026-03-10T10:00:00.000Z',
  currency: '',
  minor: 0,
  unknownMoney: 1,
});

describe('a campaign check', () => {
  it('is ready when all that can be reached are in, and names those that cannot', () => {
    const check = judge([part({ orders: 7 }), relay, withheld]);
    expect(check.ready).toBe(true);
    expect(check.verdict).toBe(
      'Ready: every order that can be reached is in; 4 cannot be reached and will not be by waiting',
    );
    expect(check.total).toMatchObject({ orders: 11 });
    expect(check.arrived).toMatchObject({ orders: 7 });
    expect(check.missing.map(({ reason, arrives, expectedAt }) => [reason, arrives, expectedAt])).toEqual([
      ['contact.relay', 'with_a_contact', null],
      ['policy.deliver_nothing', 'by_policy_never', null],
    ]);
  });

  it('is not ready while orders are in flight, and says when they will be in', () => {
    const check = judge([part({}), accepted]);
    expect(check).toMatchObject({
      ready: false,
      verdict: 'Not ready: 2 of 3 orders are not in yet',
      allInAt: '2026-03-10T12:01:30.000Z',
    });
    expect(judge([accepted], { usualMs: null }).allInAt).toBeNull();
  });

  it('regression: expects what waits for the seller when the seller is due, and not by itself', () => {
    const waiting = part({
      bucket: 'in_flight',
      reason: 'mapping.awaiting_acceptance',
      oldestSince: '2026-03-10T10:00:00.000Z',
    });
    expect(judge([waiting]).missing).toMatchObject([
      { arrives: 'when_dealt_with', expectedAt: '2026-03-13T10:00:00.000Z', blocking: true },
    ]);
  });

  it('is not ready while orders have failed: their owner is due', () => {
    const check = judge([unread, accepted]);
    expect(check.missing[0]).toMatchObject({ reason: 'klaviyo.accepted', blocking: true });
    expect(check.missing[1]).toMatchObject({
      owner: 'platform',
      arrives: 'when_dealt_with',
      expectedAt: '2026-03-11T10:00:00.000Z',
      unknownMoney: 1,
    });
    expect(check.allInAt).toBe('2026-03-11T10:00:00.000Z');
  });

  it.each(['late', 'failing', 'silent'] as const)('is not ready while a source is %s', (health) => {
    const check = judge([part({})], { sources: [{ ...fresh, health }] });
    expect(check).toMatchObject({ ready: false, verdict: 'Not ready: Maison is not up to date' });
  });

  it('counts neither refused orders nor erased people as an audience', () => {
    const check = judge([
      part({ bucket: 'not_a_sale', reason: 'mapping.refused' }),
      part({ bucket: 'erased', reason: 'privacy.erased' }),
    ]);
    expect(check).toMatchObject({
      ready: true,
      total: { orders: 0 },
      verdict: 'Ready: nobody matches the selection',
    });
  });
});
