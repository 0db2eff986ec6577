import { withoutProfile } from '../klaviyo/build-event.ts';
import { type KlaviyoEvent, ledgerKey } from '../klaviyo/klaviyo-event.ts';
import { withoutDroppedPhone } from './dropped-phone.ts';

/**
 * claimed: about to leave, or left when this process died. accepted: answered 202. verified: read back. rejected:
 * refused, or never found. in_doubt: left, and no answer came.
 */
export type DeliveryState = 'claimed' | 'accepted' | 'verified' | 'rejected' | 'in_doubt';

export interface LedgerRow {
  readonly metric: string;
  readonly uniqueId: string;
  readonly state: DeliveryState;
  /** The time that it left with, if it left. */
  readonly occurredAt: Date;
  /** When it was first claimed. */
  readonly claimedAt: Date;
}

/** What of a buyer's profile has left before. */
export interface SentProfile {
  /** The newest version. */
  readonly version: number;
  /** Mark of the phone number that Klaviyo did not take (see dropped-phone.ts). */
  readonly droppedPhone: string | null;
}

export interface DeliveryPlan {
  /** Never left: either route. */
  readonly fresh: readonly KlaviyoEvent[];
  /** May have left before: the single route only, where Klaviyo ignores a repeat. */
  readonly again: readonly KlaviyoEvent[];
  /** Of `again`, those to be looked for in Klaviyo first. */
  readonly lookUpFirst: readonly KlaviyoEvent[];
}

/** In doubt for longer than this: Klaviyo may no longer remember the id, so a repeat might be stored again. */
const LOOK_UP_AFTER_MS = 60 * 60_000;
/** From this many on, reading them back is cheaper than sending each again. */
const LOOK_UP_FROM_EVENTS = 100;

/** Decides what becomes of each event, by what the delivery ledger says of it. */
export function planDelivery(
  events: readonly KlaviyoEvent[],
  ledger: readonly LedgerRow[],
  sent: ReadonlyMap<string, SentProfile>,
  now: Date,
): DeliveryPlan {
  const rows = new Map(ledger.map((row) => [ledgerKey(row), row]));
  const open = distinct(events).filter((event) => {
    const state = rows.get(ledgerKey(event))?.state;
    return state !== 'accepted' && state !== 'verified';
  });
  const outgoing = withNewestProfiles(open, sent);
  const again = outgoing.flatMap((event) => {
    const row = rows.get(ledgerKey(event));
    return row === undefined ? [] : [asItMayBeStored(event, row)];
  });
  const inDoubt = again.filter((event) => rows.get(ledgerKey(event))?.state !== 'rejected');
  return {
    fresh: outgoing.filter((event) => !rows.has(ledgerKey(event))),
    again,
    lookUpFirst:
      inDoubt.length >= LOOK_UP_FROM_EVENTS
        ? inDoubt
        : inDoubt.filter((event) => {
            const claimedAt = rows.get(ledgerKey(event))?.claimedAt ?? now;
            return now.getTime() - claimedAt.getTime() > LOOK_UP_AFTER_MS;
          }),
  };
}

/** One that may have left keeps the time it left with: that is where a read-back will look for it. */
function asItMayBeStored(event: KlaviyoEvent, row: LedgerRow): KlaviyoEvent {
  return row.state === 'rejected' ? event : { ...event, occurredAt: row.occurredAt };
}

function distinct(events: readonly KlaviyoEvent[]): readonly KlaviyoEvent[] {
  const keys = new Set<string>();
  return events.filter((event) => {
    const key = ledgerKey(event);
    return !keys.has(key) && keys.add(key).size > 0;
  });
}

/**
 * Only the newest version of each profile travels, and none that is older than one that has been sent: Klaviyo works
 * on a request in any order, and an older snapshot over a newer one would undo it. A phone that Klaviyo did not take
 * stays out.
 */
export function withNewestProfiles(
  events: readonly KlaviyoEvent[],
  sent: ReadonlyMap<string, SentProfile>,
): readonly KlaviyoEvent[] {
  const carriers = new Map<string, KlaviyoEvent>();
  for (const event of events) {
    const floor = carriers.get(event.buyerId)?.profileVersion ?? sent.get(event.buyerId)?.version ?? 0;
    if (event.profileVersion !== null && event.profileVersion >= floor) carriers.set(event.buyerId, event);
  }
  return events.map((event) => {
    if (carriers.get(event.buyerId) !== event) return withoutProfile(event);
    const { buyerId } = event;
    const profile = withoutDroppedPhone(buyerId, event.profile, sent.get(buyerId)?.droppedPhone ?? null);
    return profile === event.profile ? event : { ...event, profile };
  });
}
