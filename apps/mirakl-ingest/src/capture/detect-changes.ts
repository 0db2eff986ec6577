import { type OrderFact, orderKeyOf, type RefundFact, refundFactId } from '@watertight/contracts';
import { orderContentHash, refundContentHash, sha256 } from './content-hash.ts';
import type {
  OrderContent,
  ReadableOrder,
  RefundContent,
  SourceOrder,
  UnreadableOrder,
} from './normalised-order.ts';

/** What is known of an order that was captured, or met unreadable, before. Hashes only: no personal data. */
export interface KnownOrder {
  /** The highest that may have been published; it may be without its hash after a crash. */
  readonly revision: number;
  /** Null while nothing readable is known to have been published. */
  readonly contentHash: string | null;
  /** Set while the newest answer cannot be read. */
  readonly unreadableHash: string | null;
}

export interface KnownRefund {
  readonly orderKey: string;
  readonly kind: RefundFact['kind'];
  readonly revision: number;
  /** Null while nothing is known to have been published. */
  readonly contentHash: string | null;
  readonly final: boolean;
}

export interface Known {
  readonly orders: ReadonlyMap<string, KnownOrder>;
  readonly refunds: ReadonlyMap<string, KnownRefund>;
}

export interface DetectContext {
  readonly marketplaceId: string;
  readonly api: OrderFact['api'];
  readonly source: OrderFact['source'];
  /** When Mirakl gave the answer. */
  readonly observedAt: Date;
  /** Orders that a person asked for again: published even when nothing has changed, under their old revision. */
  readonly wanted?: ReadonlySet<string>;
  /**
   * The answer is older than what the fast loop may have published meanwhile, as the file of an export is. Then only
   * orders that nobody has captured are taken from it; one that was captured and reads otherwise is named, to be
   * asked for again.
   */
  readonly isOld?: boolean;
}

export interface UnreadableFact {
  readonly orderKey: string;
  readonly revision: number;
  readonly unreadableHash: string;
  readonly order: UnreadableOrder;
}

export interface Changes {
  readonly orders: readonly OrderFact[];
  readonly refunds: readonly RefundFact[];
  readonly unreadable: readonly UnreadableFact[];
  /** Keys of orders that an old answer has otherwise than what was captured: which of the two is newer is not known. */
  readonly differing: readonly string[];
  /** What is known once the facts have been published: only of what is new or differs. */
  readonly learnt: Known;
}

/** The key of an order, also of one that does not even say its id: then its bytes name it. */
export function keyOfSourceOrder(marketplaceId: string, order: SourceOrder): string {
  if (order.kind === 'readable') return orderKeyOf(marketplaceId, order.order.orderId);
  return orderKeyOf(marketplaceId, order.orderId ?? `unreadable-${sha256(order.bytes).slice(0, 16)}`);
}

/** Fact ids of the refunds, cancelations and returns that an order lists. */
export function refundIdsOf(marketplaceId: string, order: SourceOrder): readonly string[] {
  if (order.kind === 'unreadable') return [];
  const orderKey = orderKeyOf(marketplaceId, order.order.orderId);
  return order.refunds.map((refund) => refundFactId(orderKey, refund.kind, refund.id));
}

/**
 * What of a page has to be published: an order whose content differs from what was captured, and every refund,
 * cancelation or return that is new or has another state or amount. Offset paging may bring one order twice in a
 * page; the second is compared with the first.
 */
export function detectChanges(page: readonly SourceOrder[], known: Known, context: DetectContext): Changes {
  const detector = new Detector(known, context);
  for (const order of page) detector.take(order);
  return detector.changes();
}

/** What is known of a refund once it has been published; the same object when there is nothing new about it. Pure. */
export function learnRefund(
  orderKey: string,
  refund: RefundContent,
  known: KnownRefund | undefined,
): KnownRefund {
  const { kind, final } = refund;
  const contentHash = refundContentHash(refund);
  if (known === undefined) return { orderKey, kind, revision: 1, contentHash, final };
  // Paid back is paid back: an answer from before, or a frozen field, does not undo it.
  if (known.contentHash === contentHash || (known.final && !final)) return known;
  return { orderKey, kind, revision: known.revision + 1, contentHash, final };
}

class Detector {
  readonly #orders = new Map<string, OrderFact>();
  readonly #refunds = new Map<string, RefundFact>();
  readonly #unreadable = new Map<string, UnreadableFact>();
  readonly #differing = new Set<string>();
  readonly #learntOrders = new Map<string, KnownOrder>();
  readonly #learntRefunds = new Map<string, KnownRefund>();

  constructor(
    private readonly known: Known,
    private readonly context: DetectContext,
  ) {}

  changes(): Changes {
    return {
      orders: [...this.#orders.values()],
      refunds: [...this.#refunds.values()],
      unreadable: [...this.#unreadable.values()],
      differing: [...this.#differing],
      learnt: { orders: this.#learntOrders, refunds: this.#learntRefunds },
    };
  }

  take(order: SourceOrder): void {
    const orderKey = keyOfSourceOrder(this.context.marketplaceId, order);
    if (this.context.isOld === true && this.known.orders.has(orderKey)) return this.#compare(orderKey, order);
    if (order.kind === 'unreadable') this.#takeUnreadable(orderKey, order);
    else this.#takeReadable(orderKey, order);
  }

  /** An old answer about an order that was captured: it is only held beside what is known. */
  #compare(orderKey: string, order: SourceOrder): void {
    const known = this.known.orders.get(orderKey);
    const isSame =
      order.kind === 'readable' &&
      known?.unreadableHash === null &&
      known.contentHash === orderContentHash(order.order) &&
      order.refunds.every((refund) => {
        const before = this.known.refunds.get(refundFactId(orderKey, refund.kind, refund.id));
        return before !== undefined && learnRefund(orderKey, refund, before) === before;
      });
    if (!isSame) this.#differing.add(orderKey);
  }

  #takeReadable(orderKey: string, { order, refunds }: ReadableOrder): void {
    const known = this.#learntOrders.get(orderKey) ?? this.known.orders.get(orderKey);
    const contentHash = orderContentHash(order);
    // After an answer that could not be read even the old content is news: it takes the failure back.
    const changed = known?.contentHash !== contentHash || known.unreadableHash !== null;
    const wanted = this.context.wanted?.has(orderKey) === true;
    if (changed || wanted) {
      const revision = (known?.revision ?? 0) + (changed ? 1 : 0);
      this.#orders.set(orderKey, this.#orderFact(orderKey, order, contentHash, revision));
      this.#unreadable.delete(orderKey);
      this.#learntOrders.set(orderKey, { revision, contentHash, unreadableHash: null });
    }
    for (const refund of refunds) this.#takeRefund(orderKey, refund, wanted);
  }

  #takeRefund(orderKey: string, refund: RefundContent, wanted: boolean): void {
    const factId = refundFactId(orderKey, refund.kind, refund.id);
    const known = this.#learntRefunds.get(factId) ?? this.known.refunds.get(factId);
    if (known?.final === true && !refund.final) return;
    const learnt = learnRefund(orderKey, refund, known);
    if (learnt === known && !wanted) return;
    const { marketplaceId, observedAt } = this.context;
    const { revision } = learnt;
    const at = observedAt.toISOString();
    this.#refunds.set(factId, { factId, orderKey, marketplaceId, revision, observedAt: at, ...refund });
    this.#learntRefunds.set(factId, learnt);
  }

  #takeUnreadable(orderKey: string, order: UnreadableOrder): void {
    const known = this.#learntOrders.get(orderKey) ?? this.known.orders.get(orderKey);
    const unreadableHash = sha256(order.bytes);
    const wanted = this.context.wanted?.has(orderKey) === true;
    if (known?.unreadableHash === unreadableHash && !wanted) return;
    const revision = (known?.revision ?? 0) + (known?.unreadableHash === unreadableHash ? 0 : 1);
    this.#unreadable.set(orderKey, { orderKey, revision, unreadableHash, order });
    this.#learntOrders.set(orderKey, { revision, contentHash: known?.contentHash ?? null, unreadableHash });
  }

  #orderFact(orderKey: string, order: OrderContent, contentHash: string, revision: number): OrderFact {
    const { marketplaceId, api, source, observedAt } = this.context;
    return {
      orderKey,
      marketplaceId,
      revision,
      contentHash,
      observedAt: observedAt.toISOString(),
      source,
      api,
      ...order,
    };
  }
}
