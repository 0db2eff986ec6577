import type { Finding, MarketplaceSettings, Transaction, UnknownValue } from '@watertight/contracts';

/** What stages say beside the fate of orders; each call names only what matters to its test. */

const AT = '2026-03-04T00:00:00Z';

export function transaction(
  marketplaceId: string,
  refundId: string,
  override: Partial<Transaction> = {},
): Transaction {
  const transactionId = override.transactionId ?? `t-${refundId}-${override.type ?? ''}`;
  return {
    kind: 'transaction',
    outcomeId: `${marketplaceId}:transaction:${transactionId}`,
    marketplaceId,
    at: AT,
    transactionId,
    type: 'REFUND_ORDER_AMOUNT',
    orderKey: `${marketplaceId}:A-1`,
    lineId: 'A-1-1',
    refundId,
    amount: { amount: '-10.00', currency: 'EUR' },
    createdAt: '2026-03-03T09:00:00Z',
    updatedAt: '2026-03-03T09:30:00Z',
    paymentState: 'PAYABLE',
    ...override,
  };
}

export function settings(
  marketplaceId: string,
  override: Partial<MarketplaceSettings> = {},
): MarketplaceSettings {
  return {
    kind: 'marketplace_settings',
    outcomeId: `${marketplaceId}:settings:${AT}`,
    marketplaceId,
    at: AT,
    shopId: '2001',
    shopName: 'Maison',
    currency: null,
    taxMode: null,
    timezone: null,
    channels: [],
    reasons: [],
    features: {},
    ...override,
  };
}

export function finding(marketplaceId: string | null, check: string, result: Finding['result']): Finding {
  return {
    kind: 'finding',
    outcomeId: `ingest:finding:${marketplaceId ?? 'account'}:${check}`,
    stage: 'ingest',
    marketplaceId,
    at: AT,
    check,
    result,
    detail: `what was found of ${check}`,
  };
}

export function unknownValue(
  marketplaceId: string,
  field: string,
  value: string,
  count: number,
): UnknownValue {
  return {
    kind: 'unknown_value',
    outcomeId: `${marketplaceId}:unknown_value:${field}:${value}`,
    marketplaceId,
    at: AT,
    field,
    value,
    count,
  };
}
