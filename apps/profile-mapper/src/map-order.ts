import {
  buyerIdOf,
  type ContactClass,
  fromWire,
  type ReasonCode,
  type WireMoney,
} from '@watertight/contracts';
import {
  applyAttributes,
  type AppliedAttributes,
  type AttributeMapping,
  findMarketplace,
  type MarketplacePolicy,
  type MarketplacesPolicy,
} from '@watertight/marketplaces';
import { lacksRate, orderFigures, type OrderFigures } from './buyer/order-figures.ts';
import {
  chooseBuyer,
  findContradiction,
  firstBuyer,
  type IsShared,
  judgeSharing,
  type Recognised,
} from './contact/choose-buyer.ts';
import { classifyContact } from './contact/classify-contact.ts';
import { countryOf } from './contact/describe-person.ts';
import { buildOrderEvents } from './events/build-order-events.ts';
import { buildRefundEvents } from './events/build-refund-events.ts';
import { type DeliverPolicy, eventContext, type EventDraft } from './events/event-draft.ts';
import { isKnownOrder, type KnownOrder } from './events/order-worth.ts';
import type { OrderBuyer, StoredOrder, Word } from './facts/stored-order.ts';
import { decideSale } from './sale/decide-sale.ts';

/** What the mapper makes of an order. */
export interface OrderMapping {
  /** Null while the order itself has not come. */
  readonly word: Word | null;
  /** Set when the order's events and figures belong to a buyer. */
  readonly buyer: OrderBuyer | null;
  /** Every buyer event that the facts give, the oldest first; empty unless the word is `mapped`. */
  readonly events: readonly EventDraft[];
  /** What it adds to its buyer's aggregates; null when it adds nothing. */
  readonly figures: OrderFigures | null;
  /** The person was erased: facts and contact must go. Names the buyer. */
  readonly erase: string | null;
  /** The address on the order belongs to an erased person who is not the order's buyer: only that must go. */
  readonly forgetContact: boolean;
  /** Attribute mappings whose value was there and not of the type they ask for. */
  readonly notConvertible: readonly AttributeMapping[];
}

export interface MapOrderContext {
  readonly policy: MarketplacesPolicy;
  readonly buyerIdKey: string;
  readonly isErased: (buyerId: string) => boolean;
  /** Does an address, by its buyer, stand for many people at a marketplace? */
  readonly isShared: IsShared;
}

const NOTHING: Omit<OrderMapping, 'word'> = {
  buyer: null,
  events: [],
  figures: null,
  erase: null,
  forgetContact: false,
  notConvertible: [],
};

/** An event with more than this, without its profile, would not fit into a message together with it, in bytes. */
const EVENT_MAX_BYTES = 600_000;

const noRules = { relayDomains: [], placeholders: [] };

/** Step one: whose order is it? */
export function recogniseBuyer(
  order: StoredOrder,
  { policy, buyerIdKey }: Pick<MapOrderContext, 'policy' | 'buyerIdKey'>,
  rejected: string | null = null,
): Recognised {
  const { fact, claim } = order;
  const claimBuyerId = claim === null ? null : buyerIdOf(claim.email, buyerIdKey);
  if (fact === null) return { contact: { class: 'absent' }, contactBuyerId: null, claimBuyerId, rejected };
  const claimed = claim === null ? [] : [{ value: claim.email, source: 'claim' as const }];
  const stated = fact.buyer.contacts.map(({ value }) => ({ value, source: 'mirakl' as const }));
  const rules = findMarketplace(policy, fact.marketplaceId)?.contact ?? noRules;
  const contact = classifyContact([...claimed, ...stated], rules, { anonymised: fact.anonymisedAt !== null });
  const owned = contact.class === 'direct' || contact.class === 'relay';
  return {
    contact,
    contactBuyerId: owned ? buyerIdOf(contact.email, buyerIdKey) : null,
    claimBuyerId,
    rejected,
  };
}

/** The buyers whose rows decide about this order: the one it stays with, and the one its address names. */
export function buyersOf(order: StoredOrder, { contactBuyerId }: Recognised): readonly string[] {
  return [firstBuyer(order)?.buyerId, contactBuyerId].filter((id) => id !== undefined && id !== null);
}

/** Step two: what is to be said of it, and which buyer events does it give? Values in, values out. */
export function mapOrder(order: StoredOrder, recognised: Recognised, context: MapOrderContext): OrderMapping {
  const first = firstBuyer(order);
  const { contactBuyerId } = recognised;
  const erasedContact = contactBuyerId !== null && context.isErased(contactBuyerId);
  const owner = order.erased?.buyerId ?? first?.buyerId ?? contactBuyerId;
  if (order.erased !== null || (owner !== null && context.isErased(owner))) {
    return { ...NOTHING, word: say('erased', 'privacy.erased'), erase: owner };
  }
  if (recognised.rejected !== null) {
    return {
      ...NOTHING,
      word: { ...say('failed', 'contract.invalid_message'), detail: recognised.rejected },
    };
  }
  if (!isKnownOrder(order)) return { ...NOTHING, word: null };
  const contact = judgeSharing(recognised, order.fact.marketplaceId, context.isShared);
  // Of an erased person not even this is said: that their address stands on somebody's order.
  const living = (id: string | null): string | null => (id !== null && context.isErased(id) ? null : id);
  const known = {
    ...recognised,
    contact,
    contactBuyerId: living(contactBuyerId),
    claimBuyerId: living(recognised.claimBuyerId),
  };
  const mapping = mapKnownOrder(order, known, context);
  return { ...mapping, word: about(mapping, order, contact.class), forgetContact: erasedContact };
}

/** The word with what the monitor counts contact quality by: the class the order was or can be delivered by. */
function about({ word, buyer }: OrderMapping, { fact }: KnownOrder, contactClass: ContactClass): Word | null {
  if (word === null) return null;
  return {
    ...word,
    contactClass: buyer?.class ?? contactClass,
    country: countryOf(fact.buyer),
    buyerId: buyer?.buyerId ?? null,
  };
}

function mapKnownOrder(order: KnownOrder, recognised: Recognised, context: MapOrderContext): OrderMapping {
  const { policy, isShared } = context;
  const marketplace = findMarketplace(policy, order.fact.marketplaceId);
  if (marketplace === undefined) return { ...NOTHING, word: say('withheld', 'policy.unknown_marketplace') };
  const sale = decideSale(order.fact, {
    seenAccepted: order.memory.history.accepted,
    hasRefundOrReturn: order.changes.some(({ fact }) => fact.kind !== 'cancelation'),
  });
  if (sale.kind === 'never') return { ...NOTHING, word: say('not_a_sale', sale.reason) };
  if (sale.kind === 'not_yet') return { ...NOTHING, word: say('mapped', sale.reason) };
  const { deliver } = marketplace;
  if (deliver === 'nothing') return { ...NOTHING, word: say('withheld', 'policy.deliver_nothing') };
  const { contact, contactBuyerId } = recognised;
  const buyer = chooseBuyer(order, contact, contactBuyerId, marketplace);
  if ('reason' in buyer) return { ...NOTHING, word: say(buyer.outcome, buyer.reason) };
  const attributes = applyAttributes(order.fact, marketplace.attributes);
  const events = draftEvents({ order, buyer, marketplace, deliver, policy, attributes }, sale.cancelled);
  if (events.some(isTooLarge)) return { ...NOTHING, word: say('failed', 'contract.message_too_large') };
  const eventIds = new Set([...Object.keys(order.memory.emitted), ...events.map(({ eventId }) => eventId)]);
  const contradiction = findContradiction(order, contact, recognised, isShared);
  const ofMapping = lacksRate(events)
    ? 'mapping.no_rate'
    : sale.unknownState
      ? 'mapping.unknown_value'
      : null;
  const word: Word = {
    ...say('mapped', contradiction?.reason ?? ofMapping),
    detail: contradiction?.detail ?? null,
    eventIds: [...eventIds].sort(),
  };
  const figures = { ...orderFigures(order, events, sale), attributes: attributes.profile };
  return { ...NOTHING, word, buyer, events, figures, notConvertible: attributes.notConvertible };
}

interface DraftInput {
  readonly order: KnownOrder;
  readonly buyer: OrderBuyer;
  readonly marketplace: MarketplacePolicy;
  readonly deliver: DeliverPolicy;
  readonly policy: MarketplacesPolicy;
  readonly attributes: AppliedAttributes;
}

function draftEvents({ policy, ...input }: DraftInput, cancelled: boolean): readonly EventDraft[] {
  const context = eventContext({ ...input, rates: policy });
  return [...buildOrderEvents(context, { cancelled }), ...buildRefundEvents(context)].sort(
    (one, other) => Date.parse(one.occurredAt) - Date.parse(other.occurredAt),
  );
}

/** The amount that is remembered of an event that leaves, in minor units. */
export function minorToRemember(amount: WireMoney | null): number | null {
  return amount === null ? null : fromWire(amount).minor;
}

function isTooLarge(draft: EventDraft): boolean {
  // Nearly every event is far too small to be worth measuring exactly.
  const texts = draft.order.lines.reduce((sum, line) => sum + textLength(line), 0);
  return (
    4 * texts + LINE_BYTES * draft.order.lines.length > EVENT_MAX_BYTES && byteLength(draft) > EVENT_MAX_BYTES
  );
}

/** More than a line takes beside its texts, in bytes: names, amounts, ids. */
const LINE_BYTES = 5_000;

function textLength({
  sku,
  productSku,
  title,
  category,
  imageUrl,
}: EventDraft['order']['lines'][number]): number {
  return [sku, productSku, title, category, imageUrl].reduce((sum, text) => sum + (text?.length ?? 0), 0);
}

function byteLength(draft: EventDraft): number {
  return Buffer.byteLength(JSON.stringify(draft));
}

function say(outcome: Word['outcome'], reason: ReasonCode | null): Word {
  return { outcome, reason, detail: null, eventIds: [], contactClass: null, country: null, buyerId: null };
}
