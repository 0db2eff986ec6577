import type { WireMoney } from '@watertight/contracts';

/** A line of the transaction log about a refund. */
export interface SourceTransaction {
  readonly id: string;
  readonly type: string;
  readonly orderId: string | null;
  readonly lineId: string | null;
  readonly refundId: string | null;
  /** What the seller gains; a debit is negative. */
  readonly amount: WireMoney;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly paymentState: string | null;
}

export interface TransactionPage {
  readonly transactions: readonly SourceTransaction[];
  /** Lines without an id, a date or an amount: nothing can be said of them but how many. */
  readonly unreadable: number;
  readonly answeredAt: Date;
}
