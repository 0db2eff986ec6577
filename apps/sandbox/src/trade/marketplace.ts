import { buyerOf, type SandboxBuyer } from './buyers.ts';
import type { MarketplaceProfile } from './marketplace-profile.ts';
import { contactKindOf, contactOf, type ContactKind, type OrderContact } from './order-contact.ts';
import type { StoredOrder, TradeOrder } from './trade-order.ts';

const anonymised: OrderContact = {
  kind: 'absent',
  email: null,
  notificationEmail: undefined,
  fieldEmail: undefined,
};

/** One marketplace with all its orders, in Mirakl's only order: creation date, then id. */
export class Marketplace {
  private readonly sorted: StoredOrder[] = [];
  private readonly byId = new Map<string, StoredOrder>();
  private sequence = 0;
  private refundNumber = 1000;

  constructor(
    public profile: MarketplaceProfile,
    readonly seed: number,
  ) {}

  get orders(): readonly StoredOrder[] {
    return this.sorted;
  }

  find(orderId: string): StoredOrder | undefined {
    return this.byId.get(orderId);
  }

  nextSequence(): number {
    this.sequence += 1;
    return this.sequence;
  }

  /** Ids of refunds and cancelations are short numbers, as Mirakl's are. */
  nextRefundId(): string {
    this.refundNumber += 1;
    return String(this.refundNumber);
  }

  /** Puts an order in its place; one with the same id is replaced. */
  put(order: StoredOrder): void {
    const earlier = this.byId.get(order.orderId);
    if (earlier) this.sorted.splice(this.sorted.indexOf(earlier), 1);
    this.byId.set(order.orderId, order);
    this.sorted.splice(this.placeOf(order), 0, order);
  }

  buyerOf(order: TradeOrder): SandboxBuyer {
    return buyerOf(this.seed, this.profile, order.buyer);
  }

  contactOf(order: TradeOrder): OrderContact {
    if (order.anonymizedMs !== null) return anonymised;
    return contactOf(this.seed, this.profile, this.buyerOf(order), order.sequence);
  }

  contactKindOf(order: TradeOrder): ContactKind {
    if (order.anonymizedMs !== null) return anonymised.kind;
    return contactKindOf(this.seed, this.profile, order.sequence);
  }

  /** Index of the first order created at or after a time. */
  firstCreatedFrom(createdMs: number): number {
    return this.lowerBound((order) => order.createdMs < createdMs);
  }

  private placeOf(order: StoredOrder): number {
    return this.lowerBound((other) => comesBefore(other, order));
  }

  private lowerBound(isBefore: (order: StoredOrder) => boolean): number {
    let low = 0;
    let high = this.sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = this.sorted[middle];
      if (order && isBefore(order)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function comesBefore(left: StoredOrder, right: StoredOrder): boolean {
  if (left.createdMs !== right.createdMs) return left.createdMs < right.createdMs;
  return left.orderId < right.orderId;
}
