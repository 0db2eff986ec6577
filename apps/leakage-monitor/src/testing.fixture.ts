import { createHash } from 'node:crypto';
import {
  factOutcome,
  type CountAudit,
  type FactOutcome,
  type FactOutcomeInput,
  type OrderFact,
  type PollCompleted,
  type RefundFact,
  type Sighting,
} from '@watertight/contracts';

/** Messages as the other services publish them; each call names only what matters to its test. */

export function orderFact(orderKey: string, override: Partial<OrderFact> = {}): OrderFact {
  const [marketplaceId = '', orderId = ''] = orderKey.split(/:(.*)/);
  const revision = override.revision ?? 1;
  return {
    orderKey,
    marketplaceId,
    orderId,
    commercialId: `B-${orderId}`,
    revision,
    contentHash: createHash('sha256').update(`${orderKey}|${revision}`).digest('hex'),
    observedAt: '2026-03-02T10:00:00Z',
    source: 'poll',
    api: 'seller',
    state: 'SHIPPING',
    stateReason: null,
    createdAt: '2026-03-01T10:15:00Z',
    updatedAt: '2026-03-02T09:00:00Z',
    acceptedAt: null,
    anonymisedAt: null,
    currency: 'EUR',
    taxMode: 'TAX_INCLUDED',
    amount: { amount: '49.90', currency: 'EUR' },
    amountWithoutTax: null,
    channel: null,
    paymentType: null,
    buyer: {
      contacts: [],
      firstName: null,
      lastName: null,
      locale: null,
      countryCode: null,
      country: null,
      region: null,
      city: null,
      postalCode: null,
      phone: null,
    },
    lines: [],
    additionalFields: [],
    ...override,
  };
}

export function refundFact(orderKey: string, id: string, override: Partial<RefundFact> = {}): RefundFact {
  return {
    factId: `${orderKey}:refund:${id}`,
    orderKey,
    marketplaceId: orderKey.split(':')[0] ?? '',
    kind: 'refund',
    id,
    lineId: null,
    revision: 1,
    observedAt: '2026-03-03T10:00:00Z',
    state: 'REFUNDED',
    final: true,
    amount: { amount: '10.00', currency: 'EUR' },
    quantity: 1,
    reasonCode: null,
    createdAt: '2026-03-03T09:00:00Z',
    completedAt: '2026-03-03T09:30:00Z',
    ...override,
  };
}

type Said = Partial<Omit<FactOutcomeInput, 'at'>> & { readonly at?: string };

function word(stage: 'ingest' | 'mapper' | 'writer', orderKey: string, said: Said): FactOutcome {
  return factOutcome({
    stage,
    orderKey,
    factId: orderKey,
    outcome: 'captured',
    revision: 1,
    ...said,
    at: new Date(said.at ?? '2026-03-02T10:00:05Z'),
  });
}

export const ingestSaid = (orderKey: string, said: Said) => word('ingest', orderKey, said);
export const mapperSaid = (orderKey: string, said: Said) => word('mapper', orderKey, said);

export function mapped(
  orderKey: string,
  events: readonly string[] = ['placed'],
  said: Said = {},
): FactOutcome {
  return mapperSaid(orderKey, {
    outcome: 'mapped',
    eventIds: events.map((event) => `${orderKey}:${event}`),
    ...said,
  });
}

export function writerSaid(orderKey: string, event: string, said: Said): FactOutcome {
  return word('writer', orderKey, { factId: `${orderKey}:${event}`, at: '2026-03-02T10:00:10Z', ...said });
}

export function verified(orderKey: string, event = 'placed'): FactOutcome {
  return writerSaid(orderKey, event, { outcome: 'verified', revision: 2, at: '2026-03-02T10:01:00Z' });
}

export function countAudit(
  marketplaceId: string,
  orders: number,
  override: Partial<CountAudit> = {},
): CountAudit {
  const at = override.at ?? '2026-03-10T12:00:02Z';
  return {
    kind: 'count_audit',
    outcomeId: `${marketplaceId}:count_audit:${at}`,
    marketplaceId,
    at,
    since: '2026-01-01T00:00:00Z',
    until: '2026-03-10T12:00:00Z',
    orders,
    ...override,
  };
}

export function pollCompleted(
  marketplaceId: string,
  publishedUpTo: Readonly<Record<string, string>>,
  override: Partial<PollCompleted> = {},
): PollCompleted {
  const startedAt = override.startedAt ?? '2026-03-10T12:00:05Z';
  return {
    kind: 'poll_completed',
    outcomeId: `${marketplaceId}:poll:${startedAt}`,
    marketplaceId,
    at: '2026-03-10T12:00:06Z',
    startedAt,
    watermark: '2026-03-10T11:59:00Z',
    ordersSeen: 3,
    ordersChanged: 1,
    publishedUpTo: { ...publishedUpTo },
    ...override,
  };
}

export function sighting(orderKey: string, override: Partial<Sighting> = {}): Sighting {
  const contentHash = override.contentHash ?? 'a'.repeat(64);
  return {
    kind: 'sighting',
    outcomeId: `${orderKey}:sighting:${contentHash}`,
    orderKey,
    marketplaceId: orderKey.split(':')[0] ?? '',
    at: '2026-03-05T03:00:00Z',
    createdAt: '2026-03-01T10:15:00Z',
    amount: { amount: '49.90', currency: 'EUR' },
    contentHash,
    ...override,
  };
}
