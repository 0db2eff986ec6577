import type { OutgoingMessage } from '@watertight/kafka';
import type { MarketplacesPolicy } from '@watertight/marketplaces';
import type { Database, Transaction } from '@watertight/postgres';
import { type Clock, measureStep } from '@watertight/service';
import { crashPoint } from '@watertight/service/crash-point';
import { lockBuyers, readNewerBuyers } from './buyer/buyers.store.ts';
import { saveSales } from './buyer/sales.store.ts';
import { updateProfiles } from './buyer/update-profiles.ts';
import { eraseBuyers, ordersToErase } from './commands/erase-buyers.ts';
import { concludeOrder } from './conclude-order.ts';
import { notePeople } from './contact/note-people.ts';
import { countFields } from './coverage/count-fields.ts';
import { noteFieldCounts } from './coverage/coverage.store.ts';
import { lockOrders, saveClaims, saveOrders } from './facts/facts.store.ts';
import { buyersOf, mapOrder, recogniseBuyer } from './map-order.ts';
import {
  countBatch,
  type MappedBatch,
  mappedBatch,
  type MappedOrder,
  orderToCount,
  profileOf,
  saleOf,
} from './mapped-batch.ts';
import { eventMessage, outcomeMessage, profileMessage, wordMessage } from './messages.ts';
import { type Reevaluation, requestReevaluations } from './reevaluate/reevaluation.store.ts';
import { absorbWork, orderKeysOf, type Work } from './work.ts';

export interface MappingRules {
  readonly policy: MarketplacesPolicy;
  readonly buyerIdKey: string;
}

export interface MessagePublisher {
  publish(messages: readonly OutgoingMessage[]): Promise<unknown>;
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
      ...batch.receipts.map((receipt) => wordMessage(receipt.buyerId, receipt)),
    ];
    await measureStep('mapper.publish', () => this.publisher.publish(messages));
    await this.#publishNewerProfiles(batch);
    crashPoint('mapper.batch_published');
    countBatch(batch);
  }

  /**
   * Orders are locked first, buyers second and phone numbers third, each in the order of their keys: replicas never wait
   * in a circle.
   */
  async #mapIn(tx: Transaction, work: Work, now: Date): Promise<MappedBatch> {
    const { rules } = this;
    const { policy } = rules;
    const orderKeys = [...orderKeysOf(work), ...(await ordersToErase(tx, work.erasures))];
    const absorbed = absorbWork(await lockOrders(tx, orderKeys), work).map((order) => ({
      ...order,
      recognised: recogniseBuyer(order.absorbed.order, rules, work.rejected.get(order.stored.orderKey)),
    }));
    const buyerIds = absorbed.flatMap(({ absorbed: { order }, recognised }) => buyersOf(order, recognised));
    const buyers = await lockBuyers(tx, [...buyerIds, ...work.buyers, ...work.erasures]);
    const erasedAt = await eraseBuyers(tx, work.erasures, orderKeys, now);
    const isErased = (id: string): boolean => erasedAt.has(id) || buyers.get(id)?.erased === true;
    const noted = notePeople(
      absorbed.map(({ absorbed: { order }, recognised }) => ({ order, recognised })),
      buyers,
      rules,
    );
    const mapped = absorbed.map((order): MappedOrder => {
      const context = { ...rules, isErased, isShared: noted.isShared };
      const mapping = mapOrder(order.absorbed.order, order.recognised, context);
      const isNew = order.stored.fact === null && order.absorbed.order.fact !== null;
      return {
        mapping,
        concluded: concludeOrder(order, mapping, now),
        repeated: order.absorbed.repeated,
        isNew,
      };
    });
    await saveOrders(
      tx,
      mapped.map(({ concluded }) => concluded.save),
    );
    await saveClaims(tx, claimsToKeep(work, mapped));
    await saveSales(tx, mapped.map(saleOf));
    const living = [...buyers.values()].filter(({ buyerId }) => !isErased(buyerId));
    const updated = await updateProfiles(tx, living, { policy, now, people: noted.people });
    await noteFieldCounts(tx, countFields(mapped.flatMap(orderToCount), policy));
    await requestReevaluations(tx, [
      ...work.reevaluations.map((subject) => request('held_orders', subject)),
      ...noted.newlyShared.map(({ marketplaceId, buyerId }) =>
        request('orders_of_address', `${marketplaceId} ${buyerId}`),
      ),
      ...updated.alsoStale.map((buyerId) => request('profile', buyerId)),
    ]);
    return mappedBatch(work, mapped, updated, erasedAt);
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

/** An address that was claimed is not kept where its person, or the order's buyer, was erased. */
function claimsToKeep({ claims }: Work, mapped: readonly MappedOrder[]) {
  const forgotten = new Set(
    mapped
      .filter(({ concluded, mapping }) => mapping.forgetContact || concluded.save.order.erased !== null)
      .map(({ concluded }) => concluded.save.order.orderKey),
  );
  return claims.filter(({ orderKey }) => !forgotten.has(orderKey));
}

function request(kind: Reevaluation['kind'], subject: string): Reevaluation {
  return { kind, subject, policyHash: null };
}
