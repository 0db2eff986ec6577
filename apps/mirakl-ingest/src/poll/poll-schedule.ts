import { isLoopback, type MarketplacePolicy } from '@watertight/marketplaces';
import { backoffMs } from '@watertight/service';

/** When to poll and audit next. Pure. */

/** Two polls never begin within one second: Mirakl's clock, which orders them, has whole seconds. */
const SHORTEST_DELAY_MS = 1_000;
/** Mirakl's limit for OR11: once a minute; an external partner once in 15 minutes. */
const FLOOR_MS = { seller: 60_000, partner: 15 * 60_000 } as const;
const AUDIT_EVERY_POLLS = 3;

export type SchedulePolicy = Pick<MarketplacePolicy, 'pollIntervalMs' | 'persona' | 'baseUrl'>;

/** The first complete poll is audited at once, then every third. */
export function isAuditDue(pollsCompleted: number): boolean {
  return pollsCompleted === 1 || pollsCompleted % AUDIT_EVERY_POLLS === 0;
}

/**
 * How long to wait after a poll that went well. An audit counts only once a poll that began after it has been
 * published, so after one the next poll comes as soon as Mirakl allows.
 */
export function delayAfterPollMs(policy: SchedulePolicy, audited: boolean): number {
  const { pollIntervalMs, persona, baseUrl } = policy;
  const soonMs = isLoopback(new URL(baseUrl).hostname) ? SHORTEST_DELAY_MS : FLOOR_MS[persona];
  const delayMs = audited ? Math.min(pollIntervalMs, soonMs) : pollIntervalMs;
  return Math.max(delayMs, SHORTEST_DELAY_MS);
}

/** Whose failure it was: the marketplace's, or that of our own database or broker. */
export interface PollFailure {
  readonly side: 'mirakl' | 'ours';
  readonly consecutive: number;
  /** What Mirakl asked for; it is obeyed. */
  readonly retryAfterMs: number | undefined;
}

const LONGEST_OWN_BACKOFF_MS = 10_000;
const LONGEST_BACKOFF_MS = 5 * 60_000;

/**
 * How long to wait after a failure: longer each time, up to a few intervals, so that a marketplace that is back is
 * noticed and one that is not is left in peace. Our own parts are asked again within seconds.
 */
export function delayAfterFailureMs(
  policy: SchedulePolicy,
  failure: PollFailure,
  random: () => number,
): number {
  const { pollIntervalMs } = policy;
  const baseMs = Math.min(Math.max(pollIntervalMs, SHORTEST_DELAY_MS), LONGEST_OWN_BACKOFF_MS);
  const intervalsMs = Math.min(Math.max(pollIntervalMs * 6, LONGEST_OWN_BACKOFF_MS), LONGEST_BACKOFF_MS);
  const maxMs = failure.side === 'ours' ? LONGEST_OWN_BACKOFF_MS : Math.max(intervalsMs, pollIntervalMs);
  return Math.max(failure.retryAfterMs ?? 0, backoffMs(failure.consecutive, { baseMs, maxMs, random }));
}

/** Orders of the last moments are left out of an audit: they may be counted before they can be listed. */
export function auditUntil(serverNow: Date, pollIntervalMs: number): Date {
  const lagMs = Math.min(Math.max(pollIntervalMs / 10, 2_000), 30_000);
  return new Date(Math.floor((serverNow.getTime() - lagMs) / 1_000) * 1_000);
}
