import { fromWire, toWire, type Transaction } from '@watertight/contracts';
import type { RefundCheck } from './finance.api.ts';
import type { CompletedRefund } from './refund-check.store.ts';

/**
 * What the seller pays back of a refund, by the types of Mirakl's transaction log (TL02): goods, shipping and fees
 * with their taxes. Commission lines (REFUND_COMMISSION_…) are between operator and seller; tax that the operator
 * remits was never the seller's (OPERATOR_REMITTED_…).
 */
const PAID_BACK = /^REFUND_ORDER_(SHIPPING_)?(AMOUNT|FEE_AMOUNT)(_TAX)?$/;

/**
 * Holds completed refunds against Mirakl's transaction log, refund by refund. Pure. Debits are negative there, so a
 * refund of 10.00 is lines that add up to -10.00. A refund without an amount can only be missing or different.
 */
export function checkRefunds(
  refunds: readonly CompletedRefund[],
  transactions: readonly Transaction[],
): RefundCheck[] {
  const byRefund = Map.groupBy(
    transactions.filter(({ type }) => PAID_BACK.test(type)),
    ({ refundId, orderKey }) => `${orderKey ?? ''}|${refundId ?? ''}`,
  );
  const checks = refunds.map((refund) => {
    const lines = byRefund.get(`${refund.orderKey}|${refund.refundId}`) ?? [];
    return checkOne(refund, lines);
  });
  const rank = ({ result }: RefundCheck) => ['different', 'missing', 'matched'].indexOf(result);
  return checks.sort((one, other) => rank(one) - rank(other) || (one.refundId < other.refundId ? -1 : 1));
}

function checkOne(refund: CompletedRefund, lines: readonly Transaction[]): RefundCheck {
  const { orderKey, refundId, completedAt, minor, currency } = refund;
  const told = minor === null || currency === null ? null : { minor, currency };
  const facts = {
    orderKey,
    refundId,
    completedAt,
    refund: told === null ? null : toWire(told),
    transactionIds: lines.map(({ transactionId }) => transactionId).sort(),
  };
  const [first] = lines;
  if (first === undefined) return { ...facts, transaction: null, result: 'missing', difference: null };
  const booked = bookedOf(lines);
  if (booked === undefined || told === null || booked.currency !== told.currency) {
    const transaction = booked === undefined ? first.amount : toWire(booked);
    return { ...facts, transaction, result: 'different', difference: null };
  }
  const difference = told.minor - booked.minor;
  return {
    ...facts,
    transaction: toWire(booked),
    result: difference === 0 ? 'matched' : 'different',
    difference: toWire({ minor: difference, currency: told.currency }),
  };
}

/** Undefined when the lines are in several currencies: they cannot be added up. */
function bookedOf(lines: readonly Transaction[]): { minor: number; currency: string } | undefined {
  const amounts = lines.map(({ amount }) => fromWire(amount));
  const [first] = amounts;
  if (first === undefined || amounts.some(({ currency }) => currency !== first.currency)) return undefined;
  return { minor: -amounts.reduce((sum, { minor }) => sum + minor, 0) || 0, currency: first.currency };
}
