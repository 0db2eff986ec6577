import type { LastFailure, SourceState } from '../reconcile/source-state.ts';
import type { Marketplace } from './marketplaces.api.ts';

/** Polls may take a while and wait for their turn; past this many intervals somebody should look. */
const LATE_AFTER_INTERVALS = 3;
const LATE_AFTER_MS_MIN = 30_000;

/** The failure that is still going on: a complete poll after it ends it. */
export function currentFailure(source: SourceState | undefined): LastFailure | null {
  const failure = source?.lastFailure ?? null;
  const poll = source?.lastPoll ?? null;
  if (failure === null) return null;
  return poll !== null && poll.completedAt >= failure.at ? null : failure;
}

/** Pure. `pollIntervalMs` is null for a marketplace that is no longer configured: nobody expects polls of it. */
export function judgeHealth(
  source: SourceState | undefined,
  pollIntervalMs: number | null,
  now: Date,
): Marketplace['health'] {
  if (currentFailure(source) !== null) return 'failing';
  const poll = source?.lastPoll ?? null;
  if (poll === null) return 'silent';
  if (pollIntervalMs === null) return 'late';
  return now.getTime() - Date.parse(poll.completedAt) > lateAfterMs(pollIntervalMs) ? 'late' : 'fresh';
}

/** Since when the last complete poll is too old; null while it is not, or before the first. Pure. */
export function staleSince(
  source: SourceState | undefined,
  pollIntervalMs: number | null,
  now: Date,
): string | null {
  const poll = source?.lastPoll ?? null;
  if (poll === null) return source?.lastFailure?.at ?? null;
  const staleMs = Date.parse(poll.completedAt) + lateAfterMs(pollIntervalMs ?? 0);
  return now.getTime() > staleMs ? new Date(staleMs).toISOString() : null;
}

function lateAfterMs(pollIntervalMs: number): number {
  return Math.max(LATE_AFTER_MS_MIN, LATE_AFTER_INTERVALS * pollIntervalMs);
}
