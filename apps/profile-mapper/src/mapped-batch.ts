import {
  type BuyerProfile,
  type ErasureReceipt,
  type FactOutcome,
  marketplaceIdOf,
} from '@watertight/contracts';
import type { SaleToSave } from './buyer/sales.store.ts';
import type { UpdatedProfiles } from './buyer/update-profiles.ts';
import { erasureReceipts } from './commands/erase-buyers.ts';
import type { ConcludedOrder } from './conclude-order.ts';
import type { OrderToCount } from './coverage/count-fields.ts';
import type { EventDraft } from './events/event-draft.ts';
import type { OrderMapping } from './map-order.ts';
import { mapperMetrics } from './mapper.metrics.ts';
import type { Work } from './work.ts';

/** One order of a batch, from what was made of it to what is kept and said. */
export interface MappedOrder {
  readonly mapping: OrderMapping;
  readonly concluded: ConcludedOrder;
  /** Everything about it is published once more. */
  readonly repeated: boolean;
  /** Its first fact has come. */
  readonly isNew: boolean;
}

/** What a batch came to, once its transaction has been committed. */
export interface MappedBatch {
  /** In the order in which things happened. */
  readonly events: readonly EventDraft[];
  readonly outcomes: readonly FactOutcome[];
  readonly receipts: readonly ErasureReceipt[];
  /** The profile of every buyer of the batch; null for an erased one. */
  readonly profiles: ReadonlyMap<string, BuyerProfile | null>;
  /** Those of them that have to be published. */
  readonly news: ReadonlySet<string>;
}

export function mappedBatch(
  work: Work,
  mapped: readonly MappedOrder[],
  { profiles, raised }: UpdatedProfiles,
  erasedAt: ReadonlyMap<string, Date>,
): MappedBatch {
  const gone = work.erasures.map((buyerId) => [buyerId, null] as const);
  const again = mapped.flatMap(({ repeated, mapping: { buyer } }) =>
    repeated && buyer !== null ? [buyer.buyerId] : [],
  );
  return {
    events: mapped.flatMap(({ concluded }) => concluded.events).sort(byTime),
    outcomes: mapped.flatMap(({ concluded }) => concluded.outcomes),
    receipts: erasureReceipts(
      erasedAt,
      mapped.map(({ concluded }) => concluded.save.order),
    ),
    profiles: new Map<string, BuyerProfile | null>([...profiles, ...gone]),
    news: new Set([...raised, ...again, ...work.buyers.filter((id) => profiles.has(id)), ...work.erasures]),
  };
}

export function saleOf({ mapping: { buyer, figures }, concluded }: MappedOrder): SaleToSave {
  const { orderKey } = concluded.save.order;
  return {
    orderKey,
    marketplaceId: marketplaceIdOf(orderKey),
    sale: buyer === null || figures === null ? null : { buyer, figures },
  };
}

/** An order is counted once, when its first fact comes; one of an erased person is not. */
export function orderToCount({ mapping, concluded, isNew }: MappedOrder): readonly OrderToCount[] {
  const { fact } = concluded.save.order;
  return isNew && fact !== null ? [{ fact, notConvertible: mapping.notConvertible }] : [];
}

/** An event belongs to a sale, and a sale gives its buyer a profile. */
export function profileOf({ profiles }: MappedBatch, { buyerId, eventId }: EventDraft): BuyerProfile {
  const profile = profiles.get(buyerId);
  if (profile === undefined || profile === null) throw new Error(`no profile for the buyer of ${eventId}`);
  return profile;
}

export function countBatch({ events, outcomes, news }: MappedBatch): void {
  // Most of a batch are alike, and finding a metric by its labels is dear.
  for (const [type, alike] of Map.groupBy(events, (event) => event.type))
    mapperMetrics.events.inc({ type }, alike.length);
  for (const [outcome, same] of Map.groupBy(outcomes, (word) => word.outcome))
    for (const [reason, alike] of Map.groupBy(same, (word) => word.reason ?? 'none'))
      mapperMetrics.outcomes.inc({ outcome, reason }, alike.length);
  mapperMetrics.profiles.inc(news.size);
}

function byTime(one: EventDraft, other: EventDraft): number {
  return Date.parse(one.occurredAt) - Date.parse(other.occurredAt);
}
