import type { ErasureReceipt } from '@watertight/contracts';
import type { Transaction } from '@watertight/postgres';
import { RetryableError } from '@watertight/service';
import { markErased } from '../buyer/buyers.store.ts';
import type { StoredOrder } from '../facts/stored-order.ts';
import { deleteClaimsOfBuyers, orderKeysOfBuyers } from '../facts/facts.store.ts';

/** The orders that are or were of the buyers who are to be erased, or hold their address: they are locked as well. */
export async function ordersToErase(
  tx: Transaction,
  erasures: readonly string[],
): Promise<readonly string[]> {
  return erasures.length === 0 ? [] : orderKeysOfBuyers(tx, erasures);
}

/**
 * Deletes what is kept of the erased by buyer; what is kept of them by order goes when their orders are saved. Returns
 * when each was erased. RetryableError when a buyer got another order after the orders were locked.
 */
export async function eraseBuyers(
  tx: Transaction,
  erasures: readonly string[],
  locked: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, Date>> {
  if (erasures.length === 0) return new Map();
  // Nobody can give these buyers another order while their rows are locked; but somebody may have just before.
  const missed = (await orderKeysOfBuyers(tx, erasures)).filter((key) => !locked.includes(key));
  if (missed.length > 0) throw new RetryableError('a buyer who is being erased has just got another order');
  const erasedAt = await markErased(tx, erasures, now);
  await deleteClaimsOfBuyers(tx, erasures);
  return erasedAt;
}

/**
 * What this stage has deleted of each person. An erased order keeps its key and whose it was, so an erasure that comes
 * again, or is read again from the topic, gives the same receipt.
 */
export function erasureReceipts(
  erasedAt: ReadonlyMap<string, Date>,
  saved: readonly StoredOrder[],
): readonly ErasureReceipt[] {
  return [...erasedAt].map(([buyerId, at]) => {
    const orders = saved.filter(({ erased }) => erased?.buyerId === buyerId).length;
    return {
      kind: 'erasure_receipt',
      outcomeId: `mapper:erasure:${buyerId}`,
      buyerId,
      stage: 'mapper',
      at: at.toISOString(),
      done: true,
      detail:
        `Deleted: the facts, refunds, claims and figures of ${orders} order${orders === 1 ? '' : 's'}, the address and the profile. ` +
        'A tombstone is on buyer.profiles.v1. Kept: the keyed hash and the order keys, so that nothing brings the person back; ' +
        'messages of before go with the retention of their topics.',
    };
  });
}
