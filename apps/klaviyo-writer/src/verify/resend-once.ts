import type { Clock } from '@watertight/service';
import { attempt, pauseFor } from '../delivery/attempt.ts';
import type { DeliveryStore } from '../delivery/delivery.store.ts';
import { withNewestProfiles } from '../delivery/plan-delivery.ts';
import { rejectionOf } from '../delivery/send-singles.ts';
import type { KlaviyoClient } from '../klaviyo/klaviyo-client.ts';
import type { KlaviyoEvent } from '../klaviyo/klaviyo-event.ts';
import type { AccountLimiter } from '../limiter/account-limiter.ts';
import { writerMetrics } from '../writer.metrics.ts';
import type { DueLook, VerifyStore } from './verify.store.ts';

export interface ResendOptions {
  readonly client: Pick<KlaviyoClient, 'createEvent'>;
  readonly limiter: AccountLimiter;
  readonly ledger: DeliveryStore;
  readonly store: VerifyStore;
  readonly clock: Clock;
  readonly lookAfterMs: number;
}

/** Sends an event once more by the single route, where Klaviyo ignores it if it has it after all. */
export class ResendOnce {
  constructor(private readonly options: ResendOptions) {}

  /**
   * Resolves when Klaviyo has accepted or refused it. Throws RetryableError when Klaviyo cannot be asked; if the event
   * may have left by then, it counts as resent.
   */
  async resend(event: KlaviyoEvent, due: DueLook): Promise<void> {
    const { limiter, ledger, store, client, clock, lookAfterMs } = this.options;
    const sent = await ledger.sentProfiles([event.buyerId]);
    const [outgoing = event] = withNewestProfiles([event], sent);
    const permit = await limiter.wait('single');
    const now = clock.now();
    await store.markResent(event, now, new Date(now.getTime() + lookAfterMs));
    const result = await attempt(limiter, 'single', () => client.createEvent(outgoing));
    writerMetrics.resends.inc({ result: result.ok ? 'accepted' : result.failure.kind });
    if (result.ok) {
      if (result.value.phoneDropped) await ledger.noteDroppedPhones([outgoing]);
      return;
    }
    const { failure } = result;
    if (failure.kind === 'rejected') {
      await ledger.markRejected([rejectionOf(event, failure)]);
      return;
    }
    const left = failure.kind === 'unavailable' && failure.mayHaveLeft;
    if (failure.kind === 'throttled') await limiter.freeze(permit, failure.retryAfterMs);
    if (!left) await store.undoResent(due, now);
    throw pauseFor(failure);
  }
}
