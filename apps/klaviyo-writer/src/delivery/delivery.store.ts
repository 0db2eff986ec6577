import type { BuyerEvent, ReasonCode } from '@watertight/contracts';
import { bulkUpsert, type Database, type Queryable } from '@watertight/postgres';
import type { Exchange } from '../klaviyo/describe-exchange.ts';
import { type KlaviyoEvent, ledgerKey } from '../klaviyo/klaviyo-event.ts';
import type { Route } from './choose-route.ts';
import { phoneMark } from './dropped-phone.ts';
import type { DeliveryState, LedgerRow, SentProfile } from './plan-delivery.ts';

export interface AdmittedEvent {
  readonly eventId: string;
  readonly orderKey: string;
  readonly buyerId: string;
  /** How many Klaviyo events it becomes. */
  readonly parts: number;
  /** What a resend is made from. Cleared once every part is verified. */
  readonly payload: BuyerEvent;
}

export interface Admission {
  /** Ids of the events that may be sent. */
  readonly sendable: ReadonlySet<string>;
  /** Ids of those of them that were not known before. */
  readonly unseen: ReadonlySet<string>;
}

type LedgerId = Pick<KlaviyoEvent, 'metric' | 'uniqueId'>;

export interface Rejection {
  readonly event: LedgerId;
  readonly reason: ReasonCode;
  readonly detail: string;
  /** What we sent and what Klaviyo answered; null when it never answered. */
  readonly exchange: Exchange | null;
}

const ADMIT_COLUMNS = {
  event_id: 'text',
  order_key: 'text',
  buyer_id: 'text',
  parts: 'integer',
  // As json in json: as text it would be escaped a second time.
  payload: 'json',
  updated_at: 'timestamptz',
};

/**
 * Verified is final. An id that left for one buyer stays with that buyer: when the address of the order changes
 * afterwards, the event must not leave again for the other one.
 */
const MAY_BE_ADMITTED = `
  case when t.buyer_id = excluded.buyer_id
    then t.word is distinct from 'verified' or t.parts <> excluded.parts
    else not exists (select 1 from delivery d where d.event_id = t.event_id and d.state <> 'rejected')
  end`;

/** The delivery ledger: one row per (metric, unique id), and one per buyer event. All SQL of the delivery is here. */
export class DeliveryStore {
  constructor(private readonly database: Database) {}

  /** Takes the events in. */
  async admit(events: readonly AdmittedEvent[], now: Date): Promise<Admission> {
    const { rows } = await bulkUpsert<{ event_id: string; is_new: boolean }>(this.database, {
      table: 'buyer_event',
      columns: ADMIT_COLUMNS,
      key: ['event_id'],
      update: ['buyer_id', 'parts', 'payload', 'updated_at'],
      where: MAY_BE_ADMITTED,
      returning: 'event_id, (xmax = 0) as is_new',
      rows: events.map(({ eventId, orderKey, buyerId, parts, payload }) => ({
        event_id: eventId,
        order_key: orderKey,
        buyer_id: buyerId,
        parts,
        payload,
        updated_at: now,
      })),
    });
    const idsOf = (some: typeof rows) => new Set(some.map(({ event_id }) => event_id));
    return { sendable: idsOf(rows), unseen: idsOf(rows.filter(({ is_new }) => is_new)) };
  }

  /**
   * Notes which of the events name another buyer than the one to whom their id has left: a person must look into it,
   * because Klaviyo would store the id a second time. One that names the first buyer again takes the note back.
   * What was made later holds, in whatever order it comes.
   */
  async noteOtherBuyers(events: readonly BuyerEvent[]): Promise<void> {
    if (events.length === 0) return;
    const rows = events.map(({ eventId, buyerId, publishedAt }) => ({
      event_id: eventId,
      buyer_id: buyerId,
      published_at: publishedAt,
    }));
    await this.database.execute(
      `update buyer_event t
       set other_buyer_at = case when t.buyer_id = w.buyer_id then null else w.published_at end
       from json_to_recordset($1::json) as w (event_id text, buyer_id text, published_at timestamptz)
       where t.event_id = w.event_id and (t.buyer_id <> w.buyer_id or t.other_buyer_at is not null)
         and (t.other_buyer_at is null or t.other_buyer_at < w.published_at)`,
      [JSON.stringify(rows)],
    );
  }

  async ledgerOf(eventIds: readonly string[]): Promise<readonly LedgerRow[]> {
    if (eventIds.length === 0) return [];
    const rows = await this.database.query<{
      metric: string;
      unique_id: string;
      state: DeliveryState;
      occurred_at: Date;
      claimed_at: Date;
    }>(
      'select metric, unique_id, state, occurred_at, claimed_at from delivery where event_id = any($1::text[])',
      [eventIds],
    );
    return rows.map(({ metric, unique_id, state, occurred_at, claimed_at }) => ({
      metric,
      uniqueId: unique_id,
      state,
      occurredAt: occurred_at,
      claimedAt: claimed_at,
    }));
  }

  /** Per buyer what of the profile has left. */
  async sentProfiles(buyerIds: readonly string[]): Promise<ReadonlyMap<string, SentProfile>> {
    if (buyerIds.length === 0) return new Map();
    const rows = await this.database.query<{
      buyer_id: string;
      version: string;
      dropped_phone: string | null;
    }>('select buyer_id, version, dropped_phone from profile_sent where buyer_id = any($1::text[])', [
      [...new Set(buyerIds)],
    ]);
    return new Map(
      rows.map(({ buyer_id, version, dropped_phone }) => [
        buyer_id,
        { version: Number(version), droppedPhone: dropped_phone },
      ]),
    );
  }

  /**
   * Klaviyo has taken these events, at least one of them without its phone. It does not say which; the other numbers
   * have arrived with this very request, so none of them needs to go again.
   */
  async noteDroppedPhones(events: readonly KlaviyoEvent[]): Promise<void> {
    const rows = events.flatMap(({ buyerId, profile: { phoneNumber } }) =>
      phoneNumber === undefined ? [] : [{ buyer_id: buyerId, mark: phoneMark(buyerId, phoneNumber) }],
    );
    if (rows.length === 0) return;
    await this.database.execute(
      `update profile_sent p set dropped_phone = w.mark
       from json_to_recordset($1::json) as w (buyer_id text, mark text) where p.buyer_id = w.buyer_id`,
      [JSON.stringify(rows)],
    );
  }

  /**
   * Claims the events that are about to leave, and notes the profile versions that leave with them. Bulk takes ids
   * that were never claimed; single also takes those that may have left. Returns the ledger keys that are ours.
   */
  async claim(events: readonly KlaviyoEvent[], route: Route, now: Date): Promise<ReadonlySet<string>> {
    if (events.length === 0) return new Set();
    const rows = events.map(({ metric, uniqueId, eventId, buyerId, occurredAt, value, profileVersion }) => ({
      metric,
      unique_id: uniqueId,
      event_id: eventId,
      buyer_id: buyerId,
      occurred_at: occurredAt,
      version: profileVersion,
      value: value?.amount ?? null,
    }));
    const claimed = await this.database.query<{ metric: string; unique_id: string }>(
      `with wanted as (
         select * from json_to_recordset($1::json)
           as r (metric text, unique_id text, event_id text, buyer_id text, occurred_at timestamptz, version bigint,
             value numeric)
       ), claimed as (
         insert into delivery as d
           (metric, unique_id, event_id, buyer_id, occurred_at, value, state, route, claimed_at)
         select metric, unique_id, event_id, buyer_id, occurred_at, value, 'claimed', $2, $3 from wanted
         order by metric, unique_id
         on conflict (metric, unique_id) do update
           set state = 'claimed', route = excluded.route, attempts = d.attempts + 1,
             buyer_id = excluded.buyer_id, occurred_at = excluded.occurred_at, value = excluded.value,
             claimed_at = case when d.state = 'rejected' then excluded.claimed_at else d.claimed_at end,
             reason = null, detail = null
           where $2 = 'single' and d.state in ('claimed', 'in_doubt', 'rejected')
         returning metric, unique_id
       ), sent as (
         insert into profile_sent as p (buyer_id, version)
         select w.buyer_id, max(w.version) from wanted w join claimed using (metric, unique_id)
         where w.version is not null group by w.buyer_id order by w.buyer_id
         on conflict (buyer_id) do update set version = excluded.version where p.version < excluded.version
       )
       select metric, unique_id from claimed`,
      [JSON.stringify(rows), route, now],
    );
    return new Set(claimed.map(({ metric, unique_id }) => ledgerKey({ metric, uniqueId: unique_id })));
  }

  /** Gives back claims of events that certainly did not leave: their next attempt is as if this one had not been. */
  async release(events: readonly LedgerId[]): Promise<void> {
    if (events.length === 0) return;
    await this.database.execute(
      `with wanted as (${WANTED}), first as (
         delete from delivery d using wanted w
         where d.metric = w.metric and d.unique_id = w.unique_id and d.state = 'claimed' and d.attempts = 1
       )
       update delivery d set state = 'in_doubt', attempts = d.attempts - 1 from wanted w
       where d.metric = w.metric and d.unique_id = w.unique_id and d.state = 'claimed' and d.attempts > 1`,
      [idsJson(events)],
    );
  }

  /** Klaviyo answered 202. `lookAt` is when the events are to be looked for. */
  async markAccepted(events: readonly LedgerId[], now: Date, lookAt: Date): Promise<void> {
    if (events.length === 0) return;
    await this.database.execute(
      `update delivery d
       set state = 'accepted', accepted_at = $2, look_at = $3, looks = 0, resends = 0, reason = null, detail = null, exchange = null
       from (${WANTED}) w where d.metric = w.metric and d.unique_id = w.unique_id and d.state <> 'verified'`,
      [idsJson(events), now, lookAt],
    );
  }

  /** They left, and no answer came. */
  async markInDoubt(events: readonly LedgerId[], detail: string): Promise<void> {
    if (events.length === 0) return;
    await this.database.execute(
      `update delivery d set state = 'in_doubt', reason = 'klaviyo.in_doubt', detail = $2
       from (${WANTED}) w where d.metric = w.metric and d.unique_id = w.unique_id and d.state = 'claimed'`,
      [idsJson(events), detail],
    );
  }

  /** Klaviyo refused them, or never showed them. */
  async markRejected(rejections: readonly Rejection[]): Promise<void> {
    if (rejections.length === 0) return;
    const rows = rejections.map(({ event, reason, detail, exchange }) => ({
      ...idOf(event),
      reason,
      detail,
      exchange,
    }));
    await this.database.execute(
      `update delivery d set state = 'rejected', look_at = null, reason = w.reason, detail = w.detail, exchange = w.exchange
       from json_to_recordset($1::json)
         as w (metric text, unique_id text, reason text, detail text, exchange json)
       where d.metric = w.metric and d.unique_id = w.unique_id and d.state <> 'verified'`,
      [JSON.stringify(rows)],
    );
  }

  /** Klaviyo showed them. Final. */
  async markVerified(target: Queryable, events: readonly LedgerId[]): Promise<void> {
    if (events.length === 0) return;
    await target.execute(
      `update delivery d set state = 'verified', look_at = null, reason = null, detail = null
       from (${WANTED}) w where d.metric = w.metric and d.unique_id = w.unique_id`,
      [idsJson(events)],
    );
  }

  /** Outside of a transaction, for events that were found before they were sent again. */
  async markFound(events: readonly LedgerId[]): Promise<void> {
    await this.markVerified(this.database, events);
  }
}

const WANTED = 'select * from json_to_recordset($1::json) as r (metric text, unique_id text)';

function idOf({ metric, uniqueId }: LedgerId): { metric: string; unique_id: string } {
  return { metric, unique_id: uniqueId };
}

function idsJson(events: readonly LedgerId[]): string {
  return JSON.stringify(events.map(idOf));
}
