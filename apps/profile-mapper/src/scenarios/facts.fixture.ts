import { createHash } from 'node:crypto';
import {
  type BuyerEvent,
  type FactOutcome,
  type OrderFact,
  type OrderLineFact,
  orderKeyOf,
  type RefundFact,
  refundFactId,
  type WireMoney,
} from '@watertight/contracts';
import { type MarketplacePolicy, type MarketplacesPolicy, NO_ALERTS } from '@watertight/marketplaces';

export const BUYER_ID_KEY = 'a key for tests only, long enough for the hash';

export const eur = (amount: string): WireMoney => ({ amount, currency: 'EUR' });

/** A time on the day of most orders: `at('10:15')`. */
export const at = (time: string): string => `2026-03-01T${time.length === 5 ? `${time}:00` : time}Z`;

export function marketplace(id: string, changes: Partial<MarketplacePolicy> = {}): MarketplacePolicy {
  return {
    id,
    name: id,
    channel: `Channel ${id}`,
    api: 'seller',
    baseUrl: 'http://127.0.0.1:1',
    credentials: null,
    shopId: null,
    orderTaxMode: 'TAX_INCLUDED',
    pollIntervalMs: 60_000,
    persona: 'seller',
    backfillFrom: new Date('2025-01-01T00:00:00Z'),
    timezone: 'UTC',
    contact: {
      emailFrom: ['customer_notification_email'],
      use: 'direct_only',
      relayDomains: [],
      placeholders: [],
      ...changes.contact,
    },
    attributes: [],
    deliver: 'events_and_profiles',
    owners: {},
    ...Object.fromEntries(Object.entries(changes).filter(([name]) => name !== 'contact')),
  };
}

const contact = { emailFrom: [], use: 'direct_only', relayDomains: [], placeholders: [] } as const;

export function policyOf(
  marketplaces: readonly MarketplacePolicy[],
  rates: Record<string, string> = {},
): MarketplacesPolicy {
  const metrics = {
    placed: 'Placed Order',
    orderedProduct: 'Ordered Product',
    fulfilled: 'Fulfilled Order',
    cancelled: 'Cancelled Order',
    refunded: 'Refunded Order',
    returned: 'Returned Order',
  };
  return {
    reportingCurrency: 'EUR',
    rates: new Map([['EUR', '1'], ...Object.entries(rates)]),
    klaviyo: {
      metrics,
      backfillAfterMs: 72 * 3_600_000,
      newProfilesPerDay: null,
      newProfilesPerMonth: null,
    },
    marketplaces,
    warnings: [],
    alerts: NO_ALERTS,
    review: { day: 'monday', timezone: 'UTC' },
  };
}

/** `m` uses direct addresses, `relayed` relays as well, `unused` none, `silent` delivers nothing. */
export const POLICY = policyOf(
  [
    marketplace('m'),
    marketplace('relayed', { contact: { ...contact, use: 'direct_and_relay' } }),
    marketplace('unused', { contact: { ...contact, use: 'none' } }),
    marketplace('silent', { deliver: 'nothing' }),
  ],
  { USD: '0.5' },
);

export function line(changes: Partial<OrderLineFact> = {}): OrderLineFact {
  return {
    lineId: '1',
    state: 'SHIPPING',
    sku: 'LAMP',
    productSku: 'P-1',
    title: 'Lamp',
    categoryCode: 'LIGHT',
    categoryLabel: 'Lights',
    quantity: 2,
    unitPrice: eur('24.95'),
    amount: eur('49.90'),
    imageUrl: null,
    shippedAt: null,
    receivedAt: null,
    additionalFields: [],
    ...changes,
  };
}

export type OrderChanges = Partial<Omit<OrderFact, 'buyer'>> & {
  readonly email?: string | null;
  readonly buyer?: Partial<OrderFact['buyer']>;
};

/** Order `A-1` at `m`: accepted, two lamps for 49.90, by ada@example.com. */
export function order({ email = 'ada@example.com', buyer = {}, ...changes }: OrderChanges = {}): OrderFact {
  const marketplaceId = changes.marketplaceId ?? 'm';
  const orderId = changes.orderId ?? 'A-1';
  const content: Omit<OrderFact, 'contentHash'> = {
    orderKey: orderKeyOf(marketplaceId, orderId),
    marketplaceId,
    orderId,
    commercialId: null,
    revision: 1,
    observedAt: at('12:00'),
    source: 'poll',
    api: 'seller',
    state: 'SHIPPING',
    stateReason: null,
    createdAt: at('10:15'),
    updatedAt: at('10:20'),
    acceptedAt: at('10:16'),
    anonymisedAt: null,
    currency: 'EUR',
    taxMode: 'TAX_INCLUDED',
    amount: eur('49.90'),
    amountWithoutTax: null,
    channel: null,
    paymentType: 'CARD',
    buyer: {
      contacts: email === null ? [] : [{ field: 'customer_notification_email', value: email }],
      firstName: 'Ada',
      lastName: 'Example',
      locale: 'fr_FR',
      countryCode: 'FRA',
      country: 'France',
      region: null,
      city: 'Lyon',
      postalCode: '69001',
      phone: null,
      ...buyer,
    },
    lines: [line()],
    additionalFields: [],
    ...changes,
  };
  return { ...content, contentHash: createHash('sha256').update(JSON.stringify(content)).digest('hex') };
}

type ChangeChanges = Partial<RefundFact> & { readonly marketplaceId?: string; readonly orderId?: string };

export function change(
  kind: RefundFact['kind'],
  id: string,
  { marketplaceId = 'm', orderId = 'A-1', ...changes }: ChangeChanges = {},
): RefundFact {
  const orderKey = orderKeyOf(marketplaceId, orderId);
  return {
    factId: refundFactId(orderKey, kind, id),
    orderKey,
    marketplaceId,
    kind,
    id,
    lineId: '1',
    revision: 1,
    observedAt: at('12:00'),
    state: kind === 'refund' ? 'REFUNDED' : kind === 'return' ? 'RECEIVED' : null,
    final: true,
    amount: kind === 'return' ? null : eur('10.00'),
    quantity: 1,
    reasonCode: 'R1',
    createdAt: at('11:00'),
    completedAt: null,
    ...changes,
  };
}

export const refund = (id: string, changes: ChangeChanges = {}): RefundFact => change('refund', id, changes);
export const cancelation = (id: string, changes: ChangeChanges = {}): RefundFact =>
  change('cancelation', id, changes);
export const returned = (id: string, changes: ChangeChanges = {}): RefundFact =>
  change('return', id, changes);

/** What matters of events in a test: `placed 49.90`. */
export function tell(events: readonly Pick<BuyerEvent, 'eventId' | 'amount'>[]): readonly string[] {
  return events.map(
    ({ eventId, amount }) => `${eventId.replace(/^[^:]+:[^:]+:/, '')} ${amount?.amount ?? 'unknown'}`,
  );
}

export function word(outcome: FactOutcome | undefined): string {
  if (outcome === undefined) return 'nothing';
  return [outcome.outcome, outcome.reason].filter((part) => part !== null).join(' ');
}
