import type { Quota } from './pace.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/**
 * Klaviyo counts every endpoint by itself, for all private keys of the account together:
 * https://developers.klaviyo.com/en/docs/rate_limits_and_error_handling
 */
export const QUOTAS = {
  single: [
    { requests: 350, windowMs: SECOND_MS },
    { requests: 3_500, windowMs: MINUTE_MS },
  ],
  bulk: [
    { requests: 10, windowMs: SECOND_MS },
    { requests: 150, windowMs: MINUTE_MS },
  ],
  events_read: [
    { requests: 350, windowMs: SECOND_MS },
    { requests: 3_500, windowMs: MINUTE_MS },
  ],
  metrics_read: [
    { requests: 10, windowMs: SECOND_MS },
    { requests: 150, windowMs: MINUTE_MS },
  ],
  // The guide says 700 a minute where the specification says 750: the lower one is safe.
  profiles_read: [
    { requests: 75, windowMs: SECOND_MS },
    { requests: 700, windowMs: MINUTE_MS },
  ],
  profiles_write: [
    { requests: 75, windowMs: SECOND_MS },
    { requests: 700, windowMs: MINUTE_MS },
  ],
  aggregates: [
    { requests: 3, windowMs: SECOND_MS },
    { requests: 60, windowMs: MINUTE_MS },
  ],
  accounts_read: [
    { requests: 1, windowMs: SECOND_MS },
    { requests: 15, windowMs: MINUTE_MS },
  ],
  erasures: [
    { requests: 3, windowMs: SECOND_MS },
    { requests: 60, windowMs: MINUTE_MS },
  ],
} as const satisfies Readonly<Record<string, Quota>>;

export type LimitedRoute = keyof typeof QUOTAS;

/** Most requests at once after a quiet time: an order with all its lines goes out without waiting. */
export const BURSTS: Readonly<Record<LimitedRoute, number>> = {
  single: 60,
  // Next to none: a request in hand slows the even pace. The half makes up for a slot that came a little too early.
  bulk: 1.5,
  events_read: 60,
  metrics_read: 2,
  profiles_read: 10,
  profiles_write: 5,
  aggregates: 1,
  accounts_read: 1,
  erasures: 1,
};

const LATENESS_MS = 500;
/** Each 100 ms cost a six-hundredth of the rate, so less is allowed where the rate matters. */
const BULK_LATENESS_MS = 400;

/** The pace allows for requests that reach Klaviyo this much later than their slot, in milliseconds. */
export function latenessMs(route: LimitedRoute): number {
  return route === 'bulk' ? BULK_LATENESS_MS : LATENESS_MS;
}
