import type { Queryable } from '@watertight/postgres';
import type { LedgerMessage } from './stage-batch.ts';

/**
 * Keeps something of its own from a batch, in the transaction that folds it and after the orders have been folded.
 * It must be idempotent: the same batch may come again.
 */
export type BatchFollower = (target: Queryable, messages: readonly LedgerMessage[]) => Promise<void>;
