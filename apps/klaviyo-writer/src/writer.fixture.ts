import { createHash } from 'node:crypto';
import { type BuyerEvent, type BuyerProfile, eventIds, type Outcome, Topics } from '@watertight/contracts';
import type { OutgoingMessage } from '@watertight/kafka';
import { type MarketplacesPolicy, parseMarketplaces } from '@watertight/marketplaces';

export const NOW = new Date('2026-11-20T12:00:00Z');

export const policy: MarketplacesPolicy = parseMarketplaces(
  `
reportingCurrency: EUR
rates: { USD: "0.92" }
marketplaces:
  - id: maison-fr
    name: Maison
    channel: Maison FR
    baseUrl: http://127.0.0.1:1/mirakl/maison-fr
    apiKey: \${MAISON_API_KEY}
    pollInterval: 2s
    backfillFrom: 2025-11-01
`,
  'marketplaces.yaml',
  { env: {}, credentials: 'not needed' },
);

const eur = (amount: string) => ({ amount, currency: 'EUR' });

export function buyerProfile(email: string, changes: Partial<BuyerProfile> = {}): BuyerProfile {
  return {
    buyerId: createHash('sha256').update(email).digest('hex'),
    version: 1,
    email,
    contactClass: 'direct',
    firstName: 'Zoé',
    lastName: 'Martin',
    locale: 'fr-FR',
    country: 'FR',
    region: null,
    city: 'Lyon',
    postalCode: '69001',
    phone: '+33600000000',
    orders: 1,
    gross: eur('49.90'),
    refunded: eur('0.00'),
    net: eur('49.90'),
    averageOrder: eur('49.90'),
    amountsComplete: true,
    firstOrderAt: '2026-11-20T11:00:00Z',
    lastOrderAt: '2026-11-20T11:00:00Z',
    lastOrderAmount: eur('49.90'),
    skus: ['LAMP-01'],
    productTitles: ['Oak lamp'],
    refundedSkus: [],
    channels: ['Maison FR'],
    countries: ['FR'],
    marketplaces: ['maison-fr'],
    lastChannel: 'Maison FR',
    lastRefundAt: null,
    lastCancelAt: null,
    reviewRequestAllowed: false,
    updatedAt: '2026-11-20T11:00:01Z',
    ...changes,
  };
}

export interface EventChanges extends Partial<Omit<BuyerEvent, 'profile' | 'order'>> {
  readonly email?: string;
  readonly profile?: Partial<BuyerProfile>;
  readonly order?: Partial<BuyerEvent['order']>;
  readonly lines?: number;
}

/** A placed order of one line: two Klaviyo events. */
export function buyerEvent(orderId = 'A-1', changes: EventChanges = {}): BuyerEvent {
  const {
    email = `buyer-${orderId.toLowerCase()}@example.org`,
    profile,
    order,
    lines = 1,
    ...rest
  } = changes;
  const orderKey = `maison-fr:${orderId}`;
  const whole = buyerProfile(email, profile);
  return {
    eventId: eventIds.placed(orderKey),
    type: 'order.placed',
    orderKey,
    marketplaceId: 'maison-fr',
    orderId,
    commercialId: null,
    buyerId: whole.buyerId,
    occurredAt: '2026-11-20T11:00:00Z',
    publishedAt: '2026-11-20T11:00:01Z',
    channel: 'Maison FR',
    country: 'FR',
    amount: eur('49.90'),
    amountReporting: eur('49.90'),
    order: {
      state: 'SHIPPING',
      placedAt: '2026-11-20T11:00:00Z',
      amount: eur('49.90'),
      lines: Array.from({ length: lines }, (_, index) => ({
        eventId: eventIds.line(orderKey, `${orderId}-${index + 1}`),
        lineId: `${orderId}-${index + 1}`,
        sku: `LAMP-0${index + 1}`,
        productSku: `OP-0${index + 1}`,
        title: 'Oak lamp',
        category: 'Lighting',
        quantity: 1,
        unitPrice: eur('44.90'),
        amount: eur('49.90'),
        amountReporting: eur('49.90'),
        imageUrl: null,
      })),
      ...order,
    },
    change: null,
    contact: { email, class: 'direct', source: 'mirakl' },
    profile: whole,
    deliver: 'events_and_profiles',
    ...rest,
  };
}

/** Keeps what would have been published, or was: with `next` it goes there too. */
export class PublisherSpy {
  readonly outcomes: Outcome[] = [];
  /** What went to other topics. */
  readonly others: { readonly topic: string; readonly key: string; readonly value: unknown }[] = [];
  failing: Error | undefined;

  constructor(private readonly next?: { publish(messages: readonly OutgoingMessage[]): Promise<unknown> }) {}

  async publish(messages: readonly OutgoingMessage[]): Promise<never[]> {
    if (this.failing !== undefined) throw this.failing;
    await this.next?.publish(messages);
    for (const { topic, key, value } of messages) {
      if (topic.name === Topics.outcomes.name) this.outcomes.push(value as Outcome);
      else this.others.push({ topic: topic.name, key, value });
    }
    return [];
  }

  /** The last word on an event, as `outcome` or `outcome reason`. */
  wordOn(eventId: string): string | undefined {
    const words = this.outcomes.filter((outcome) => outcome.kind === 'fact' && outcome.factId === eventId);
    const last = words.at(-1);
    if (last?.kind !== 'fact') return undefined;
    return last.reason === null ? last.outcome : `${last.outcome} ${last.reason}`;
  }
}
