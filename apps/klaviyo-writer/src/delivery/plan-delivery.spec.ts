import { describe, expect, it } from '@jest/globals';
import { buildKlaviyoEvents } from '../klaviyo/build-event.ts';
import type { KlaviyoEvent } from '../klaviyo/klaviyo-event.ts';
import { buyerEvent, type EventChanges, NOW, policy } from '../writer.fixture.ts';
import { phoneMark } from './dropped-phone.ts';
import { type DeliveryState, type LedgerRow, planDelivery, withNewestProfiles } from './plan-delivery.ts';

const parts = (orderId: string, changes: EventChanges = {}): readonly KlaviyoEvent[] =>
  buildKlaviyoEvents(buyerEvent(orderId, changes), { policy, now: NOW });
const row = (event: KlaviyoEvent, state: DeliveryState, claimedMsAgo = 0): LedgerRow => ({
  ...event,
  state,
  claimedAt: new Date(NOW.getTime() - claimedMsAgo),
});
const plan = (events: readonly KlaviyoEvent[], ledger: readonly LedgerRow[]) =>
  planDelivery(events, ledger, new Map(), NOW);
const ids = (events: readonly KlaviyoEvent[]) => events.map(({ uniqueId }) => uniqueId);

describe('planning a delivery', () => {
  const [placed, line] = parts('A-1') as [KlaviyoEvent, KlaviyoEvent];

  it('sends what has never left by either route', () => {
    expect(plan([placed, line], [])).toMatchObject({
      fresh: [placed, { uniqueId: line.uniqueId }],
      again: [],
    });
  });

  it.each<DeliveryState>(['accepted', 'verified'])('does not send again what is %s', (state) => {
    const { fresh, again } = plan([placed, line], [row(placed, state)]);
    expect(ids(fresh)).toEqual([line.uniqueId]);
    expect(again).toEqual([]);
  });

  it.each<DeliveryState>(['claimed', 'in_doubt'])('sends what is %s by the single route only', (state) => {
    const { fresh, again, lookUpFirst } = plan([placed], [row(placed, state)]);
    expect([ids(fresh), ids(again), ids(lookUpFirst)]).toEqual([[], [placed.uniqueId], []]);
  });

  it('tries what was rejected again, alone', () => {
    expect(ids(plan([placed], [row(placed, 'rejected', 9_999_999)]).again)).toEqual([placed.uniqueId]);
  });

  it('looks first for what has been in doubt for more than an hour', () => {
    expect(plan([placed], [row(placed, 'in_doubt', 3_600_000)]).lookUpFirst).toEqual([]);
    expect(ids(plan([placed], [row(placed, 'in_doubt', 3_600_001)]).lookUpFirst)).toEqual([placed.uniqueId]);
  });

  it('looks first for what is in doubt when there is much of it', () => {
    const many = Array.from({ length: 100 }, (_, index) => parts(`B-${index}`)[0]!);
    const ledger = many.map((event) => row(event, 'claimed'));
    expect(plan(many, ledger).lookUpFirst).toHaveLength(100);
    expect(plan(many.slice(1), ledger).lookUpFirst).toHaveLength(0);
  });

  it('keeps the time that an event may have left with', () => {
    const earlier = new Date('2026-11-19T00:00:00Z');
    const [again] = plan([placed], [{ ...row(placed, 'in_doubt'), occurredAt: earlier }]).again;
    expect(again?.occurredAt).toEqual(earlier);
    const [mended] = plan([placed], [{ ...row(placed, 'rejected'), occurredAt: earlier }]).again;
    expect(mended?.occurredAt).toEqual(placed.occurredAt);
  });

  it('sends an id once even when it comes twice', () => {
    expect(plan([placed, placed], []).fresh).toHaveLength(1);
  });

  it('tells the same id under two metrics apart', () => {
    const twin = { ...placed, metric: 'Refunded Order' };
    expect(plan([placed, twin], [row(placed, 'verified')]).fresh).toHaveLength(1);
  });
});

describe('profiles in a delivery', () => {
  const email = 'zoe@example.org';
  const older = parts('A-1', { email, profile: { version: 4 } });
  const newer = parts('A-2', { email, profile: { version: 5 } });
  const other = parts('B-1', { profile: { version: 1 } });
  const versions = (events: readonly KlaviyoEvent[]) => events.map(({ profileVersion }) => profileVersion);

  it('travel once per buyer, and the newest only', () => {
    expect(versions(withNewestProfiles([...older, ...newer, ...other], new Map()))).toEqual([
      null,
      null,
      5,
      null,
      1,
      null,
    ]);
  });

  it('stay behind when a newer one has been sent', () => {
    const sent = new Map([[older[0]!.buyerId, { version: 5, droppedPhone: null }]]);
    expect(versions(withNewestProfiles(older, sent))).toEqual([null, null]);
  });

  it('travel again when the same one may have been lost', () => {
    const sent = new Map([[newer[0]!.buyerId, { version: 5, droppedPhone: null }]]);
    expect(versions(withNewestProfiles(newer, sent))).toEqual([5, null]);
  });
});

describe('a phone that Klaviyo did not take', () => {
  const [placed] = parts('A-1', { profile: { phoneForKlaviyo: '+33600000000' } }) as [KlaviyoEvent];
  const phoneAfter = (dropped: string) =>
    withNewestProfiles(
      [placed],
      new Map([[placed.buyerId, { version: 1, droppedPhone: phoneMark(placed.buyerId, dropped) }]]),
    )[0]?.profile;

  it('stays out of later profiles, which are the same otherwise', () => {
    const { phoneNumber: _phone, ...rest } = placed.profile;
    expect(phoneAfter('+33600000000')).toEqual(rest);
  });

  it('does not keep another number of the buyer out', () => {
    expect(phoneAfter('+33611111111')).toBe(placed.profile);
  });
});
