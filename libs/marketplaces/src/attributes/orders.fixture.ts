import type { OrderFact, OrderLineFact } from '@watertight/contracts';

export function lineOf(changes: Partial<OrderLineFact> = {}): OrderLineFact {
  return {
    lineId: '1',
    state: 'SHIPPING',
    sku: 'LAMP',
    productSku: 'P-1',
    title: 'Lamp',
    categoryCode: 'LIGHT',
    categoryLabel: 'Lights',
    quantity: 2,
    unitPrice: { amount: '24.95', currency: 'EUR' },
    amount: { amount: '49.90', currency: 'EUR' },
    imageUrl: null,
    shippedAt: null,
    receivedAt: null,
    additionalFields: [],
    ...changes,
  };
}

/** Order `m:A-1` with two lamps; the fields that a test is about are given by it. */
export function orderOf(changes: Partial<OrderFact> = {}): OrderFact {
  return {
    orderKey: 'm:A-1',
    marketplaceId: 'm',
    orderId: 'A-1',
    commercialId: null,
    revision: 1,
    contentHash: '0'.repeat(64),
    observedAt: '2026-03-01T12:00:00Z',
    source: 'poll',
    api: 'seller',
    state: 'SHIPPING',
    stateReason: null,
    createdAt: '2026-03-01T10:15:00Z',
    updatedAt: '2026-03-01T10:20:00Z',
    acceptedAt: null,
    anonymisedAt: null,
    currency: 'EUR',
    taxMode: 'TAX_INCLUDED',
    amount: { amount: '49.90', currency: 'EUR' },
    amountWithoutTax: null,
    channel: null,
    paymentType: 'CARD',
    buyer: {
      contacts: [],
      firstName: 'Ada',
      lastName: 'Example',
      locale: 'fr_FR',
      countryCode: 'FRA',
      country: 'France',
      region: null,
      city: 'Lyon',
      postalCode: '69001',
      phone: null,
    },
    lines: [lineOf()],
    additionalFields: [],
    ...changes,
  };
}

export const field = (code: string, value: string | string[] | null, type: string | null = 'STRING') => ({
  code,
  type,
  value,
});
