import {
  type Bucket,
  BUCKETS,
  eventIds,
  formatMinor,
  type Money,
  toWire,
  type WireMoney,
} from '@watertight/contracts';
import type { MarketplacePolicy } from '@watertight/marketplaces';
import type { Clock } from '@watertight/service';
import { chooseRepair } from '../exceptions/choose-repair.ts';
import type { ExceptionsStore } from '../exceptions/exceptions.store.ts';
import type { ContactsStore } from '../contacts/contacts.store.ts';
import { notFound } from '../http/api-error.ts';
import { readLimit, readRange } from '../http/read-range.ts';
import { reasonWords } from '../ledger/reason-words.ts';
import { type Said, wordKey } from '../ledger/said.ts';
import type { TimelineEntry } from '../ledger/timeline.ts';
import { readCursor, writeCursor } from './order-cursor.ts';
import type { OrderRow, Orders, OrdersQuery, OrderStory, TimelineItem } from './orders.api.ts';
import type { OrderRecord, OrdersStore, RefundRecord } from './orders.store.ts';

/** Finds orders and tells their stories. */
export class ReadOrders {
  constructor(
    private readonly store: OrdersStore,
    private readonly contacts: ContactsStore,
    private readonly exceptions: ExceptionsStore,
    private readonly marketplaces: readonly MarketplacePolicy[],
    private readonly clock: Clock,
  ) {}

  async list(query: OrdersQuery): Promise<Orders> {
    const limit = readLimit(query.limit);
    const records = await this.store.list({
      query: query.query?.trim() === '' ? undefined : query.query?.trim(),
      bucket: query.bucket,
      reason: query.reason,
      marketplaceId: query.marketplace,
      ...readRange(query),
      contactClass: query.contactClass,
      country: query.country,
      buyerId: query.buyer,
      after: query.cursor === undefined ? undefined : readCursor(query.cursor),
      limit: limit + 1,
    });
    const page = records.slice(0, limit);
    const last = page.at(-1);
    const more = records.length > limit && last !== undefined && last.created_at !== null;
    return {
      orders: page.map((record) => this.#row(record)),
      nextCursor: more
        ? writeCursor({ createdAt: last.created_at.toISOString(), orderKey: last.order_key })
        : null,
    };
  }

  /** Throws ApiError (404) for an order that nobody has spoken of. */
  async story(orderKey: string): Promise<OrderStory> {
    const found = await this.store.find(orderKey);
    if (found === undefined) {
      throw notFound(`The ledger knows no order "${orderKey}"; a key is <marketplace>:<order number>`);
    }
    const { record, said } = found;
    const [refunds, timeline, contacts, exceptions] = await Promise.all([
      this.store.refunds(orderKey),
      this.store.timeline(orderKey),
      this.contacts.masked(orderKey),
      this.exceptions.ofOrder(orderKey),
    ]);
    return {
      ...this.#row(record),
      why: this.#why(record),
      amounts: {
        amount: wireOf(record.amount_minor, record.currency),
        amountWithoutTax: wireOrNull(said.captured?.amountWithoutTax ?? null),
        source: wireOf(record.source_minor, record.source_currency),
      },
      events: eventsOf(orderKey, said),
      refunds: refunds.map(refundOf),
      timeline: timeline.map(timelineItem),
      contacts: [...contacts],
      exceptions,
      actions: actionsOf(record),
    };
  }

  #row(record: OrderRecord): OrderRow {
    const bucket = bucketOf(record.bucket);
    const waiting = bucket !== null && bucket !== 'verified' && record.since !== null;
    const ageMs = waiting ? this.clock.now().getTime() - record.since.getTime() : 0;
    return {
      orderKey: record.order_key,
      marketplaceId: record.marketplace_id,
      orderId: record.order_id,
      commercialId: record.commercial_id,
      state: record.order_state,
      channel: record.channel,
      createdAt: record.created_at?.toISOString() ?? null,
      bucket,
      reason: record.reason,
      since: record.since?.toISOString() ?? null,
      ageSeconds: waiting ? Math.max(0, Math.floor(ageMs / 1_000)) : null,
      amount: wireOf(record.amount_minor, record.currency),
      contactClass: record.contact_class,
      country: record.country,
      buyerId: record.buyer_id,
    };
  }

  #why(record: OrderRecord): OrderStory['why'] {
    if (record.reason === null) return null;
    const { meaning, owner, severity, dueHours, whatToDo, resolvesWhen, runbook } = reasonWords(
      record.reason,
    );
    const owners = this.marketplaces.find(({ id }) => id === record.marketplace_id)?.owners;
    const ownerContact = owners?.[owner] ?? null;
    return { meaning, owner, ownerContact, severity, dueHours, whatToDo, resolvesWhen, runbook };
  }
}

/** The buyer events that the mapper made of the order, each with the writer's last word. */
function eventsOf(orderKey: string, said: Said): OrderStory['events'] {
  const mapped = said.words[wordKey('mapper', orderKey)]?.eventIds ?? [];
  const placed = eventIds.placed(orderKey);
  return [...mapped]
    .sort((one, other) => Number(other === placed) - Number(one === placed))
    .map((eventId) => {
      const word = said.words[wordKey('writer', eventId)];
      return {
        eventId,
        type: eventId.slice(orderKey.length + 1).split(':')[0] ?? '',
        outcome: word?.outcome ?? null,
        reason: word?.reason ?? null,
        at: word?.at ?? null,
      };
    });
}

function refundOf(record: RefundRecord): OrderStory['refunds'][number] {
  return {
    kind: record.kind,
    id: record.refund_id,
    lineId: record.line_id,
    state: record.state,
    final: record.final,
    amount: wireOf(record.amount_minor, record.currency),
    createdAt: record.created_at.toISOString(),
    completedAt: record.completed_at?.toISOString() ?? null,
  };
}

function timelineItem(entry: TimelineEntry): TimelineItem {
  const {
    at,
    chapter,
    stage,
    what,
    factId,
    revision,
    reason,
    detail,
    state,
    amount,
    eventIds: events,
    exchange,
  } = entry;
  return {
    at,
    chapter,
    stage,
    what,
    factId,
    revision,
    reason,
    meaning: reason === null ? null : reasonWords(reason).meaning,
    detail,
    state,
    amount,
    eventIds: [...events],
    exchange: exchange ?? null,
  };
}

/** Asking again and reading back can always be done; a replay only where a step has failed or waits. */
function actionsOf({ bucket, reason, waiting_stage: stage, order_key: orderKey }: OrderRecord) {
  const actions: OrderStory['actions'] = ['refetch'];
  if (bucket === 'erased') return actions;
  const repair = reason === null ? null : chooseRepair({ reason, stage, orderKey });
  if (repair?.what === 'replay') actions.push('replay');
  if (bucket !== 'not_a_sale') actions.push('verify');
  if (bucket === 'uncaptured_contact') actions.push('claim');
  return actions;
}

function bucketOf(text: string | null): Bucket | null {
  return BUCKETS.find((bucket) => bucket === text) ?? null;
}

function wireOf(minor: string | null, currency: string | null): WireMoney | null {
  if (minor === null || currency === null) return null;
  return { amount: formatMinor(Number(minor), currency), currency };
}

function wireOrNull(value: Money | null): WireMoney | null {
  return value === null ? null : toWire(value);
}
