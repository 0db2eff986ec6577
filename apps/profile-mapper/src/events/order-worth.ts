import {
  addMoney,
  fromWire,
  money,
  type Money,
  type OrderFact,
  type OrderLineFact,
  type RefundFact,
  toWire,
  type WireMoney,
} from '@watertight/contracts';
import { AMOUNT_MAX_MINOR, readMoney } from '../money/reporting.ts';
import type { StoredChange, StoredOrder } from '../facts/stored-order.ts';

/** An order of which Mirakl has said what it is. */
export type KnownOrder = StoredOrder & { readonly fact: OrderFact };

export function isKnownOrder(order: StoredOrder): order is KnownOrder {
  return order.fact !== null;
}

export function cancelationsOf(order: StoredOrder): readonly StoredChange[] {
  return order.changes.filter(({ fact }) => fact.kind === 'cancelation').sort(byTime);
}

/** Oldest first; of two at one time, by id, so that every replica has the same order. */
export function byTime(one: StoredChange, other: StoredChange): number {
  const difference = Date.parse(one.fact.createdAt) - Date.parse(other.fact.createdAt);
  if (difference !== 0) return difference;
  return one.fact.id < other.fact.id ? -1 : one.fact.id > other.fact.id ? 1 : 0;
}

/**
 * What the order was worth when it was placed. Mirakl lowers an order's amount with every cancelation, so the worth is
 * what the fact says was ordered, else the amount now and the cancelations in it; or the highest amount seen, if that
 * is more. A cancelation that Mirakl said after the order's newest fact is not in its amount yet and must not be
 * added to it.
 *
 * Null when the amount is not known.
 */
export function worthOf(order: KnownOrder): Money | null {
  const now = readMoney(order.fact.amount);
  if (now === null) return null;
  const said = readMoney(order.fact.amountOrdered ?? null);
  const rebuilt = said ?? addMoney(now, ...amountsIn(cancelationsInFact(order), now.currency));
  const highest = readMoney(order.memory.history.highestAmount);
  return highest !== null && highest.currency === now.currency && highest.minor > rebuilt.minor
    ? highest
    : rebuilt;
}

/** A line as it was ordered: with the units that were cancelled since. */
export interface OrderedLine {
  readonly line: OrderLineFact;
  readonly quantity: number;
  readonly amount: WireMoney | null;
}

/** The lines that were sold. A line that the seller refused never was. */
export function orderedLines(order: KnownOrder): readonly OrderedLine[] {
  const cancelations = cancelationsInFact(order).map(({ fact }) => fact);
  return order.fact.lines
    .filter((line) => line.state !== 'REFUSED')
    .map((line) =>
      orderedLine(
        line,
        cancelations.filter((cancelation) => cancelation.lineId === line.lineId),
      ),
    );
}

function orderedLine(line: OrderLineFact, cancelations: readonly RefundFact[]): OrderedLine {
  const cancelled = cancelations.reduce((sum, { quantity }) => sum + (quantity ?? 0), 0);
  const quantity = line.quantityOrdered ?? line.quantity + cancelled;
  if (quantity === line.quantity) return { line, quantity, amount: line.amount };
  // A cancelation's amount has shipping in it and a line's has not, so the goods are counted by units.
  if (line.quantity > 0 && line.amount !== null) {
    const { minor, currency } = fromWire(line.amount);
    return { line, quantity, amount: goods((minor * quantity) / line.quantity, currency) };
  }
  const unit = readMoney(line.unitPrice);
  return {
    line,
    quantity,
    amount: unit === null ? line.amount : goods(unit.minor * quantity, unit.currency),
  };
}

/** Null for a sum that no real line has and that could not be summed exactly. */
function goods(minor: number, currency: string): WireMoney | null {
  return minor > AMOUNT_MAX_MINOR ? null : toWire(money(Math.round(minor), currency));
}

function cancelationsInFact(order: KnownOrder): readonly StoredChange[] {
  const observedAt = Date.parse(order.fact.observedAt);
  return cancelationsOf(order).filter(({ firstObservedAt }) => Date.parse(firstObservedAt) <= observedAt);
}

/**
 * What the order's newest fact says was cancelled of it, whether or not the cancelations have come yet; null when it
 * does not say.
 */
export function cancelledInFact({ fact }: KnownOrder): Money | null {
  const [ordered, now] = [readMoney(fact.amountOrdered ?? null), readMoney(fact.amount)];
  if (ordered === null || now === null || ordered.currency !== now.currency) return null;
  return money(ordered.minor - now.minor, now.currency);
}

/** Amounts in one currency; those in another, or unknown, are left out. */
export function amountsIn(changes: readonly StoredChange[], currency: string): readonly Money[] {
  return changes.flatMap(({ fact }) => {
    const amount = readMoney(fact.amount);
    return amount === null || amount.currency !== currency ? [] : [amount];
  });
}
