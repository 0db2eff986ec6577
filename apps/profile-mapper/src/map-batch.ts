import { type BuyerProfile, type FactOutcome, marketplaceIdOf } from '@watertight/contracts';
import type { OutgoingMessage } from '@watertight/kafka';
import type { MarketplacesPolicy } from '@watertight/marketplaces';
import type { Database, Transaction } from '@watertight/postgres';
import { type Clock, measureStep, RetryableError } from '@watertight/service';
import { crashPoint } from '@watertight/service/crash-point';
import { lockBuyers, markErased, readNewerBuyers } from './buyer/buyers.store.ts';
import { saveSales } from './buyer/sales.store.ts';
import { updateProfiles } from './buyer/update-profiles.ts';
import { type ConcludedOrder, concludeOrder } from './conclude-order.ts';
import type { EventDraft } from './events/event-draft.ts';
import {
  deleteClaimsOfBuyers,
  lockOrders,
  orderKeysOfBuyers,
  saveClaims,
  saveOrders,
} from './facts/facts.store.ts';
import { buyersOf, mapOrder, recogniseBuyer } from './map-order.ts';
import { mapperMetrics } from './mapper.metrics.ts';
import { eventMessage, outcomeMessage, profileMessage } from './messages.ts';
import { absorbWork, orderKeysOf, type Work } from './work.ts';

export interface MappingRules {
  readonly policy: MarketplacesPolicy;
  readonly buyerIdKey: string;
}

export interface MessagePublisher {
  publish(messages: readonly OutgoingMessage[]): Promise<unknown>;
}

/** What a batch came to, once its transaction has been committed. */
interface MappedBatch {
  /** In the order in which things happened. */
  readonly events: readonly EventDraft[];
  readonly outcomes: readonly FactOutcome[];
  /** The profile of every buyer of the batch; null for an erased one. */
  readonly profiles: ReadonlyMap<string, BuyerProfile | null>;
  /** Those of them that have to be published. */
  readonly news: ReadonlySet<string>;
}

/**
 * The way of a batch, whatever brought it: one transaction, then publish, then (by the caller) commit the offsets. There
 * is no outbox: ids and revisions depend on the facts alone, so a batch that comes again, because something died in
 * between, writes the same rows and publishes the same messages.
 */
export class BatchMapper {
  constructor(
    private readonly database: Database,
    private readonly publisher: MessagePublisher,
    readonly rules: MappingRules,
    private readonly clock: Clock,
  ) {}

  /**
   * RetryableError when database or brokers cannot do it now: then all of it is done again. An order that cannot be
   * mapped gets a word that says so and holds nobody up.
   */
  async map(work: Work): Promise<void> {
    const now = this.clock.now();
    crashPoint('mapper.batch_taken');
    const batch = await measureStep('mapper.transaction', () =>
      this.database.transaction((tx) => this.#mapIn(tx, work, now)),
    );
    crashPoint('mapper.batch_stored');
    const messages = [
      ...batch.events.map((draft) => eventMessage(draft, profileOf(batch, draft), now, work.traces)),
      ...[...batch.news].map((buyerId) => profileMessage(buyerId, batch.profiles.get(buyerId) ?? null)),
      ...batch.outcomes.map((outcome) => outcomeMessage(outcome, work.traces)),
    ];
    await measureStep('mapper.publish', () => this.publisher.publish(messages));
    await this.#publishNewerProfiles(batch);
    crashPoint('mapper.batch_published');
    count(batch);
  }

  /** Orders are locked first and buyers second, each in the order of their keys: replicas never wait in a circle. */
  async #mapIn(tx: Transaction, work: Work, now: Date): Promise<MappedBatch> {
    const { rules } = this;
    const orderKeys = [...orderKeysOf(work), ...(await ordersToErase(tx, work))];
    const absorbed = absorbWork(await lockOrders(tx, orderKeys), work).map((order) => ({
      ...order,
      recognised: recogniseBuyer(order.absorbed.order, rules, work.rejected.get(order.stored.orderKey)),
    }));
    const buyerIds = absorbed.flatMap(({ absorbed: { order }, recognised }) => buyersOf(order, recognised));
    const buyers = await lockBuyers(tx, [...buyerIds, ...work.erasures]);
    await eraseBuyers(tx, work, orderKeys, now);
    const isErased = (id: string): boolean => work.erasures.includes(id) || buyers.get(id)?.erased === true;
    const mapped = absorbed.map((order) => {
      const mapping = mapOrder(order.absorbed.order, order.recognised, { ...rules, isErased });
      return { ...mapping, ...concludeOrder(order, mapping, now), repeated: order.absorbed.repeated };
    });
    await saveOrders(
      tx,
      mapped.map(({ save }) => save),
    );
    await saveClaims(tx, claimsToKeep(work, mapped));
    await saveSales(
      tx,
      mapped.map(({ save: { order }, buyer, figures }) => ({
        orderKey: order.orderKey,
        marketplaceId: marketplaceIdOf(order.orderKey),
        sale: buyer === null || figures === null ? null : { buyer, figures },
      })),
    );
    const living = [...buyers.values()].filter(({ buyerId }) => !isErased(buyerId));
    const { profiles, raised } = await updateProfiles(tx, living, rules.policy.reportingCurrency, now);
    const gone = work.erasures.map((buyerId) => [buyerId, null] as const);
    const again = mapped.flatMap(({ repeated, buyer }) =>
      repeated && buyer !== null ? [buyer.buyerId] : [],
    );
    return {
      events: mapped.flatMap(({ events }) => events).sort(byTime),
      outcomes: mapped.flatMap(({ outcomes }) => outcomes),
      profiles: new Map<string, BuyerProfile | null>([...profiles, ...gone]),
      news: new Set([...raised, ...again, ...work.erasures]),
    };
  }

  /**
   * Another replica may have raised a profile after we did and published it before we did; then ours, published last,
   * would be what a compacted topic keeps. So what is newer by now is published once more.
   */
  async #publishNewerProfiles({ news, profiles }: MappedBatch): Promise<void> {
    const known = new Map([...news].map((id) => [id, profiles.get(id)?.version ?? 0]));
    for (;;) {
      const newer = await readNewerBuyers(this.database, known);
      if (newer.length === 0) return;
      await this.publisher.publish(newer.map(({ buyerId, profile }) => profileMessage(buyerId, profile)));
      for (const { buyerId, erased, version } of newer) known.set(buyerId, erased ? 0 : version);
    }
  }
}

async function ordersToErase(tx: Transaction, { erasures }: Work): Promise<readonly string[]> {
  return erasures.length === 0 ? [] : orderKeysOfBuyers(tx, erasures);
}

/** Deletes what is kept of the erased by buyer. What is kept of them by order goes when their orders are saved. */
async function eraseBuyers(
  tx: Transaction,
  { erasures }: Work,
  locked: readonly string[],
  now: Date,
): Promise<void> {
  if (erasures.length === 0) return;
  // Nobody can give these buyers another order while their rows are locked; but somebody may have just before.
  const missed = (await orderKeysOfBuyers(tx, erasures)).filter((key) => !locked.includes(key));
  if (missed.length > 0) throw new RetryableError('a buyer who is being erased has just got another order');
  await markErased(tx, erasures, now);
  await deleteClaimsOfBuyers(tx, erasures);
}

/** An address that was claimed is not kept where its person, or the order's buyer, was erased. */
function claimsToKeep({ claims }: Work, mapped: readonly (ConcludedOrder & { forgetContact: boolean })[]) {
  const forgotten = new Set(
    mapped
      .filter(({ save, forgetContact }) => forgetContact || save.order.erased !== null)
      .map(({ save }) => save.order.orderKey),
  );
  return claims.filter(({ orderKey }) => !forgotten.has(orderKey));
}

function byTime(one: EventDraft, other: EventDraft): number {
  return Date.parse(one.occurredAt) - Date.parse(other.occurredAt);
}

/** An event belongs to a sale, and a sale gives its buyer a profile. */
function profileOf({ profiles }: MappedBatch, { buyerId, eventId }: EventDraft): BuyerProfile {
  const profile = profiles.get(buyerId);
  if (profile === undefined || profile === null) throw new Error(`no profile for the buyer of ${eventId}`);
  return profile;
}

function count({ events, outcomes, news }: MappedBatch): void {
  for (const { type } of events) mapperMetrics.events.inc({ type });
  for (const { outcome, reason } of outcomes)
    mapperMetrics.outcomes.inc({ outcome, reason: reason ?? 'none' });
  mapperMetrics.profiles.inc(news.size);
}
