import { fromWire, type OrderFact, type RefundFact, type WireMoney } from '@watertight/contracts';
import { AMOUNT_MAX_MINOR } from '../money/reporting.ts';

/** More of one thing than any order has; beyond it sums would not be exact. */
const QUANTITY_MAX = 1_000_000;
const REVISION_MAX = 2 ** 40;
const KEY_MAX_BYTES = 2_000;

/**
 * What keeps a fact that fits its schema from being worked on all the same: a time that does not exist, an amount too
 * large to be summed exactly, a key that cannot be stored. Undefined when nothing does. It names the field, never its value.
 */
export function problemOfOrder(fact: OrderFact): string | undefined {
  return firstProblem([
    ['orderKey', isStorable(fact.orderKey)],
    ['revision', fact.revision <= REVISION_MAX],
    ['createdAt', isTime(fact.createdAt)],
    ['updatedAt', isTime(fact.updatedAt)],
    ['observedAt', isTime(fact.observedAt)],
    ['amount', isSummable(fact.amount)],
    ['amountOrdered', isSummable(fact.amountOrdered ?? null)],
    ...fact.lines.flatMap((line, index): Check[] => [
      [`lines[${index}].quantity`, Math.max(line.quantity, line.quantityOrdered ?? 0) <= QUANTITY_MAX],
      [`lines[${index}].unitPrice`, isSummable(line.unitPrice)],
      [`lines[${index}].amount`, isSummable(line.amount)],
    ]),
  ]);
}

/** As problemOfOrder. */
export function problemOfRefund(fact: RefundFact): string | undefined {
  return firstProblem([
    ['orderKey', isStorable(fact.orderKey)],
    ['factId', isStorable(fact.factId)],
    ['revision', fact.revision <= REVISION_MAX],
    ['createdAt', isTime(fact.createdAt)],
    ['observedAt', isTime(fact.observedAt)],
    ['completedAt', fact.completedAt === null || isTime(fact.completedAt)],
    ['amount', isSummable(fact.amount)],
    ['quantity', (fact.quantity ?? 0) <= QUANTITY_MAX],
  ]);
}

type Check = readonly [field: string, ok: boolean];

function firstProblem(checks: readonly Check[]): string | undefined {
  const failed = checks.find(([, ok]) => !ok);
  return failed === undefined ? undefined : `${failed[0]} cannot be worked with`;
}

/**
 * PostgreSQL stores neither U+0000 nor half a surrogate pair, and a key must be found again as it was. Nor does it take
 * longer keys into an index.
 */
export function isStorable(key: string): boolean {
  return !key.includes('\u0000') && key.isWellFormed() && Buffer.byteLength(key) <= KEY_MAX_BYTES;
}

function isTime(text: string): boolean {
  return !Number.isNaN(Date.parse(text));
}

function isSummable(amount: WireMoney | null): boolean {
  if (amount === null) return true;
  // Read as text first: an amount that is not a safe integer of minor units cannot even be parsed.
  return Number(amount.amount) < AMOUNT_MAX_MINOR && Math.abs(fromWire(amount).minor) <= AMOUNT_MAX_MINOR;
}
