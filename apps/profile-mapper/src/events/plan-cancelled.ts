import { addMoney, eventIds, money, type Money } from '@watertight/contracts';
import type { StoredChange } from '../facts/stored-order.ts';
import { readMoney } from '../money/reporting.ts';
import { cancelationsOf, cancelledInFact, type KnownOrder, worthOf } from './order-worth.ts';

/** One cancelled part of an order: a cancelation of Mirakl's, or `all` for what no cancelation covers. */
export interface CancelledPart {
  readonly id: string;
  readonly change: StoredChange | null;
  readonly amount: Money | null;
  /** Cancelled up to and including this part. */
  readonly runningTotal: Money | null;
}

/**
 * One part per cancelation, and for an order that ended cancelled one more (`all`) for what no cancelation covers, so
 * that in sum exactly the order's worth is cancelled. Facts come over two topics, so `all` may have left before a
 * cancelation arrives that it already covers: such a one is told only as far as the worth still has room for it.
 */
export function planCancelled(order: KnownOrder, cancelled: boolean): readonly CancelledPart[] {
  const worth = worthOf(order);
  const { orderKey } = order;
  const { emitted } = order.memory;
  const hasLeft = (id: string): boolean => Object.hasOwn(emitted, eventIds.cancelled(orderKey, id));
  const leftMinor = (id: string): number => emitted[eventIds.cancelled(orderKey, id)] ?? 0;
  const parts = new RunningParts(worth?.currency);
  const cancelations = cancelationsOf(order);
  if (!hasLeft('all')) {
    for (const change of cancelations) parts.add(change.fact.id, change, readMoney(change.fact.amount));
    if (cancelled) parts.addRemainder(worth, cancelledInFact(order));
    return parts.list;
  }
  const left = cancelations.filter(({ fact }) => hasLeft(fact.id));
  let roomMinor = (worth?.minor ?? 0) - leftMinor('all');
  for (const { fact } of left) roomMinor -= leftMinor(fact.id);
  for (const change of cancelations) {
    const { id } = change.fact;
    const amount = readMoney(change.fact.amount);
    if (left.includes(change)) {
      parts.add(id, change, amount === null ? null : money(leftMinor(id), amount.currency));
    } else if (amount !== null && amount.currency === worth?.currency && roomMinor > 0) {
      const told = money(Math.min(amount.minor, roomMinor), amount.currency);
      roomMinor -= told.minor;
      parts.add(id, change, told);
    }
  }
  parts.add('all', null, worth === null ? null : money(leftMinor('all'), worth.currency));
  return parts.list;
}

class RunningParts {
  readonly list: CancelledPart[] = [];
  #total: Money | null;

  constructor(currency: string | undefined) {
    this.#total = currency === undefined ? null : money(0, currency);
  }

  add(id: string, change: StoredChange | null, amount: Money | null): void {
    // A cancelation in another currency than its order stays out of the running total.
    if (this.#total !== null && amount?.currency === this.#total.currency) {
      this.#total = addMoney(this.#total, amount);
    }
    this.list.push({ id, change, amount, runningTotal: this.#total });
  }

  /**
   * What is left of the worth; also when nothing is, if there is no other word of the cancelation. Cancelations that
   * the order announces and that have not come yet are not part of what is left.
   */
  addRemainder(worth: Money | null, announced: Money | null): void {
    const covered = Math.max(this.#total?.minor ?? 0, announced?.minor ?? 0);
    const remainder = worth === null || this.#total === null ? null : worth.minor - covered;
    const isTold = this.list.length > 0 || (announced !== null && announced.minor > 0);
    if (isTold && (remainder === null || remainder <= 0)) return;
    this.add('all', null, worth === null ? null : money(Math.max(remainder ?? 0, 0), worth.currency));
  }
}
