export type Route = 'single' | 'bulk';

/**
 * From this many events on they make a queue. Fewer go one by one: each is at Klaviyo as soon as it can be, and
 * what the account's quota allows at once (see limiter/quotas.ts) is not used up by them.
 */
export const BULK_FROM_EVENTS = 25;

/**
 * The route of events that have never left: bulk when there is a queue, single when there is not. (One that may have
 * left before has no choice: the single route, where Klaviyo ignores a repeat.)
 */
export function chooseRoute(queue: { readonly events: number; readonly alreadyQueued: number }): Route {
  return queue.events > 0 && queue.events + queue.alreadyQueued >= BULK_FROM_EVENTS ? 'bulk' : 'single';
}
