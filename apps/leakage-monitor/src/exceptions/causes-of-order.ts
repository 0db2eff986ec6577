import { isReasonCode, marketplaceIdOf, type Money, reasonOf } from '@watertight/contracts';
import type { Place } from '../ledger/place-order.ts';
import { type Said, wordKey } from '../ledger/said.ts';
import { type Cause, raisingOf } from './cause.ts';

/** Everything about one order that may need a person, with when it becomes an exception. */
export interface OrderCause extends Cause {
  readonly raising: 'at_once' | 'when_late';
}

/**
 * Pure. The causes that hold of an order as it stands:
 * - that it is not verified, for the reason that its place gives;
 * - what the mapper found while it mapped it, such as a currency without a rate;
 * - that Mirakl shows it and it was not captured, or shows it with another amount.
 */
export function causesOfOrder(orderKey: string, said: Said, place: Place): OrderCause[] {
  if (place.bucket === 'erased') return [];
  return [
    ...standing(orderKey, place),
    ...foundByMapper(orderKey, said, place),
    ...apart(orderKey, said, place),
  ];
}

function standing(orderKey: string, place: Place): OrderCause[] {
  if (place.reason === null || place.since === null) return [];
  return causeOf(orderKey, place, place.reason, place.since, place.amount);
}

/** The order goes on, and still something is amiss with it: reasons that decide no bucket, and that no time mends. */
function foundByMapper(orderKey: string, said: Said, place: Place): OrderCause[] {
  const mapper = said.words[wordKey('mapper', orderKey)];
  if (mapper === undefined || mapper.outcome !== 'mapped' || mapper.reason === null) return [];
  if (mapper.reason === place.reason) return [];
  if (!isReasonCode(mapper.reason) || reasonOf(mapper.reason).bucket !== null) return [];
  const causes = causeOf(orderKey, { ...place, stage: 'mapper' }, mapper.reason, mapper.at, place.amount);
  return causes.map((cause) => ({ ...cause, raising: 'at_once' }));
}

function apart(orderKey: string, { sighted }: Said, place: Place): OrderCause[] {
  if (sighted === null) return [];
  if (!place.captured) {
    const notCaptured = { ...place, stage: 'ingest' } as const;
    return causeOf(orderKey, notCaptured, 'balance.not_captured', sighted.at, place.sourceAmount);
  }
  if (sameMoney(place.amount, place.sourceAmount)) return [];
  const differs = { ...place, stage: 'ingest' } as const;
  return causeOf(orderKey, differs, 'balance.amount_differs', sighted.at, place.sourceAmount);
}

function causeOf(
  orderKey: string,
  { bucket, stage }: Place,
  reason: string,
  since: string,
  amount: Money | null,
): OrderCause[] {
  const raising = raisingOf(reason, bucket);
  if (raising === 'never') return [];
  return [
    {
      about: orderKey,
      reason,
      origin: 'ledger',
      marketplaceId: marketplaceIdOf(orderKey),
      orderKey,
      bucket,
      stage,
      detail: null,
      amount,
      orders: 1,
      since,
      raising,
    },
  ];
}

function sameMoney(one: Money | null, other: Money | null): boolean {
  return one?.minor === other?.minor && one?.currency === other?.currency;
}
