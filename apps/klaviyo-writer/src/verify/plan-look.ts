import type { DueLook } from './verify.store.ts';

export interface LookTimes {
  /** Between two looks for the same event at first, in milliseconds; it doubles with each look. */
  readonly everyMs: number;
  /** From acceptance until it counts as lost, in milliseconds. */
  readonly deadlineMs: number;
}

export type AfterMiss =
  | { readonly kind: 'look_again'; readonly at: Date }
  /** Overdue: once more by the single route. */
  | { readonly kind: 'resend' }
  /** Overdue again: a person must look into it. */
  | { readonly kind: 'give_up' };

const BETWEEN_MAX_MS = 60_000;

/** What to do about an event that a read-back did not show. */
export function planAfterMiss(event: DueLook, now: Date, { everyMs, deadlineMs }: LookTimes): AfterMiss {
  const overdueAt = event.acceptedAt.getTime() + deadlineMs;
  if (now.getTime() >= overdueAt) return event.resends === 0 ? { kind: 'resend' } : { kind: 'give_up' };
  const waitMs = Math.min(everyMs * 2 ** Math.min(event.looks, 20), BETWEEN_MAX_MS);
  // A last look at the deadline itself: not later, and never resent without one.
  return { kind: 'look_again', at: new Date(Math.min(now.getTime() + waitMs, overdueAt)) };
}
