import type { Leases } from '@watertight/postgres';
import { type Clock, RetryableError } from '@watertight/service';

/** A lease that is not renewed for this long ends, and another replica takes the marketplace over. */
export const LEASE_DURATION_MS = 15_000;
const RENEW_EVERY_MS = 4_000;

/**
 * Runs `work` while the lease is ours. Its signal aborts when `signal` does, and when the lease is lost or could not be
 * renewed for so long that it may be; `work` must then end soon. Gives the lease back afterwards.
 * Returns false, without running anything, while another replica has the lease. Errors: those of `work`.
 */
export async function holdLease(
  lease: { readonly leases: Leases; readonly name: string; readonly clock: Clock },
  signal: AbortSignal,
  work: (held: AbortSignal) => Promise<void>,
): Promise<boolean> {
  const { leases, name } = lease;
  if (!(await leases.acquire(name))) return false;
  const lost = new AbortController();
  const ended = new AbortController();
  const renewing = renewUntil(lease, lost, ended.signal);
  try {
    await work(AbortSignal.any([signal, lost.signal]));
  } finally {
    ended.abort();
    await renewing;
    await release(leases, name);
  }
  return true;
}

async function renewUntil(
  { leases, name, clock }: { readonly leases: Leases; readonly name: string; readonly clock: Clock },
  lost: AbortController,
  ended: AbortSignal,
): Promise<void> {
  let renewedAt = clock.now().getTime();
  while (!ended.aborted) {
    await clock.sleep(RENEW_EVERY_MS, ended);
    if (ended.aborted) return;
    const askedAt = clock.now().getTime();
    const renewed = await tryRenew(leases, name);
    if (renewed === 'ours') renewedAt = askedAt;
    const overdue = clock.now().getTime() - renewedAt >= LEASE_DURATION_MS - RENEW_EVERY_MS;
    if (renewed === 'lost' || overdue)
      return lost.abort(new RetryableError(`the lease "${name}" is not ours any more`));
  }
}

async function tryRenew(leases: Leases, name: string): Promise<'ours' | 'lost' | 'unknown'> {
  try {
    return (await leases.renew(name)) ? 'ours' : 'lost';
  } catch (error) {
    // The database is away: nobody else can take the lease either, until it is back and the lease has ended.
    if (error instanceof RetryableError) return 'unknown';
    throw error;
  }
}

async function release(leases: Leases, name: string): Promise<void> {
  try {
    await leases.release(name);
  } catch (error) {
    // Then it ends by itself.
    if (!(error instanceof RetryableError)) throw error;
  }
}
