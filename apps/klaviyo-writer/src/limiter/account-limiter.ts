import { type Clock, RetryableError } from '@watertight/service';
import { writerMetrics } from '../writer.metrics.ts';
import { Circuit } from './circuit.ts';
import type { LimiterStore } from './limiter.store.ts';
import { burstMs, type Pace, paceFor } from './pace.ts';
import { BURSTS, latenessMs, type LimitedRoute, QUOTAS } from './quotas.ts';

/** The right to make one request, from its slot on and for a short time. */
export interface Permit {
  readonly route: LimitedRoute;
  /** By the monotonic clock, in milliseconds. */
  readonly slotMs: number;
  readonly epoch: number;
  /** True when it had to wait: meanwhile Klaviyo may have asked to wait longer. */
  readonly waited: boolean;
}

export interface LimiterOptions {
  readonly store: LimiterStore;
  readonly clock: Clock;
  /** Part of the account's quota that is ours. */
  readonly share: number;
  /** False only to measure what the service could do without a quota. */
  readonly enabled: boolean;
  /** Pauses while Klaviyo does not answer, in milliseconds. */
  readonly outage?: { readonly baseMs: number; readonly maxMs: number };
  /** Milliseconds that only grow; `performance.now` outside tests. */
  readonly monotonicMs: () => number;
}

/** Of that, what is left for the way to Klaviyo: a permit that is used later than the rest is void. */
const ON_THE_WAY_MS = 100;
const WRITING: ReadonlySet<LimitedRoute> = new Set(['single', 'bulk', 'profiles_write']);
const OUTAGE = { baseMs: 1_000, maxMs: 60_000 };
/** Longer waits are not sat out inside a call: the lane pauses instead, and its lag is seen. */
const WAIT_MAX_MS = 20_000;
/** After a wait of more than this, the epoch is looked up again before the request goes. */
const RECHECK_AFTER_MS = 50;

/**
 * One limiter for the whole account: Klaviyo counts all replicas together, so they take their slots from one row in
 * PostgreSQL. Paced evenly, because a quota used up in the first ten seconds means fifty seconds of 429.
 */
export class AccountLimiter {
  readonly #options: LimiterOptions;
  readonly #paces: Readonly<Record<LimitedRoute, Pace>>;
  readonly #writing: Circuit;
  readonly #reading: Circuit;

  constructor(options: LimiterOptions) {
    this.#options = options;
    const pace = (route: LimitedRoute): Pace =>
      paceFor(QUOTAS[route], { share: options.share, burst: BURSTS[route], latenessMs: latenessMs(route) });
    this.#paces = {
      single: pace('single'),
      bulk: pace('bulk'),
      events_read: pace('events_read'),
      metrics_read: pace('metrics_read'),
      profiles_read: pace('profiles_read'),
      profiles_write: pace('profiles_write'),
      aggregates: pace('aggregates'),
      accounts_read: pace('accounts_read'),
      erasures: pace('erasures'),
    };
    for (const [route, { intervalMs }] of Object.entries(this.#paces))
      writerMetrics.quota.set({ route }, 60_000 / intervalMs);
    const outage = { ...OUTAGE, ...options.outage, clock: options.clock, random: Math.random };
    this.#writing = new Circuit(outage);
    this.#reading = new Circuit(outage);
  }

  /** Klaviyo may answer reads while it takes no events, and the other way round. */
  circuitOf(route: LimitedRoute): Circuit {
    return WRITING.has(route) ? this.#writing : this.#reading;
  }

  /**
   * Takes `count` slots; each permit must then be awaited with `ready`. Throws RetryableError, having taken them
   * (which costs a little speed and nothing else), when the first is further away than it makes sense to wait.
   */
  async take(route: LimitedRoute, count: number): Promise<readonly Permit[]> {
    const { store, monotonicMs, enabled } = this.#options;
    if (!enabled) return Array.from({ length: count }, () => unlimited(route, monotonicMs()));
    const pace = this.#paces[route];
    const { firstPlaceInMs, epoch } = await store.takeSlots(route, pace, count);
    writerMetrics.permits.inc({ route }, count);
    const nowMs = monotonicMs();
    const permits = Array.from({ length: count }, (_, index): Permit => {
      const inMs = Math.max(0, firstPlaceInMs + index * pace.intervalMs - burstMs(pace));
      return { route, slotMs: nowMs + inMs, epoch, waited: inMs > RECHECK_AFTER_MS };
    });
    const waitMs = (permits[0]?.slotMs ?? nowMs) - nowMs;
    if (waitMs > WAIT_MAX_MS) {
      throw new RetryableError(
        `Klaviyo's quota on the ${route} route is free again in ${Math.ceil(waitMs / 1_000)} s`,
        {
          retryAfterMs: waitMs,
        },
      );
    }
    return permits;
  }

  async takeOne(route: LimitedRoute): Promise<Permit> {
    const [permit] = await this.take(route, 1);
    if (permit === undefined) throw new Error(`no permit of ${route}`);
    return permit;
  }

  /** Waits until shortly before the slot: time to prepare what will go. */
  async nearly(permit: Permit, leadMs: number, signal?: AbortSignal): Promise<void> {
    const inMs = permit.slotMs - leadMs - this.#options.monotonicMs();
    if (inMs > 0) await this.#options.clock.sleep(inMs, signal);
  }

  /**
   * Waits for the slot. Resolves with false when the permit is void: too late, or Klaviyo has asked to wait since it
   * was taken; then take another.
   */
  async ready(permit: Permit, signal?: AbortSignal): Promise<boolean> {
    if (!this.#options.enabled) return true;
    await this.nearly(permit, 0, signal);
    if (permit.waited && (await this.#options.store.epochOf(permit.route)) !== permit.epoch) return false;
    return this.#options.monotonicMs() - permit.slotMs <= latenessMs(permit.route) - ON_THE_WAY_MS;
  }

  /** A permit that may be used at once. Throws RetryableError too while Klaviyo does not answer. */
  async wait(route: LimitedRoute, signal?: AbortSignal): Promise<Permit> {
    const isTry = this.circuitOf(route).enter();
    try {
      return await this.waitAgain(route, signal);
    } catch (error) {
      if (isTry) this.circuitOf(route).leave();
      throw error;
    }
  }

  /** The same for a call whose circuit was asked before. */
  async waitAgain(route: LimitedRoute, signal?: AbortSignal): Promise<Permit> {
    for (;;) {
      const permit = await this.takeOne(route);
      if (await this.ready(permit, signal)) return permit;
      if (signal?.aborted === true) throw new RetryableError('stopped while waiting for a permit');
    }
  }

  /** Klaviyo answered 429 to a request of this permit. */
  async freeze(permit: Permit, forMs: number): Promise<void> {
    writerMetrics.freezes.inc({ route: permit.route });
    await this.#options.store.freeze(permit.route, this.#paces[permit.route], forMs, permit.epoch);
  }
}

function unlimited(route: LimitedRoute, nowMs: number): Permit {
  return { route, slotMs: nowMs, epoch: 0, waited: false };
}
