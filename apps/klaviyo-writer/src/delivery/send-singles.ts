import { type Clock, RetryableError } from '@watertight/service';
import { crashPoint } from '@watertight/service/crash-point';
import { type KlaviyoEvent, ledgerKey } from '../klaviyo/klaviyo-event.ts';
import type { KlaviyoClient } from '../klaviyo/klaviyo-client.ts';
import { cut, describeSent } from '../klaviyo/describe-exchange.ts';
import { describeFailure, describeProblem, type KlaviyoFailure } from '../klaviyo/klaviyo-errors.ts';
import type { AccountLimiter, Permit } from '../limiter/account-limiter.ts';
import { writerMetrics } from '../writer.metrics.ts';
import { attempt, insist, pauseFor } from './attempt.ts';
import type { DeliveryStore, Rejection } from './delivery.store.ts';

export interface SenderOptions {
  readonly client: Pick<KlaviyoClient, 'createEvent' | 'bulkCreateEvents'>;
  readonly limiter: AccountLimiter;
  readonly store: DeliveryStore;
  readonly clock: Clock;
  /** From acceptance to the first read-back, in milliseconds. */
  readonly lookAfterMs: number;
}

/** Slots taken from the limiter at a time: few enough that a freeze stops the rest. */
const CHUNK_EVENTS = 50;

type Sent =
  | { readonly kind: 'accepted'; readonly phoneDropped: boolean }
  | { readonly kind: 'rejected'; readonly failure: KlaviyoFailure }
  | { readonly kind: 'in_doubt'; readonly failure: KlaviyoFailure }
  | { readonly kind: 'unsent'; readonly error: RetryableError };

/** The single route: one event per request. Klaviyo ignores a repeat here, so it is the way of what may have left before. */
export class SendSingles {
  constructor(private readonly options: SenderOptions) {}

  /**
   * Sends the events and writes down what became of each. Throws RetryableError when some are left: not sent, or in
   * doubt. Those that Klaviyo accepted or refused are settled all the same.
   */
  async send(events: readonly KlaviyoEvent[], signal: AbortSignal): Promise<void> {
    const circuit = this.options.limiter.circuitOf('single');
    for (let start = 0; start < events.length;) {
      if (signal.aborted) throw new RetryableError('stopped before everything was sent');
      // After an outage one event tries alone, so that no more than one is in doubt if it has not ended.
      const isTry = circuit.enter();
      const count = isTry ? 1 : CHUNK_EVENTS;
      try {
        await this.#sendChunk(events.slice(start, start + count), signal);
      } finally {
        if (isTry) circuit.leave();
      }
      start += count;
    }
  }

  async #sendChunk(chunk: readonly KlaviyoEvent[], signal: AbortSignal): Promise<void> {
    const { limiter, store, clock } = this.options;
    const permits = await limiter.take('single', chunk.length);
    const claimed = await store.claim(chunk, 'single', clock.now());
    const mine = chunk.filter((event) => claimed.has(ledgerKey(event)));
    const stop = new AbortController();
    const onAbort = (): void => stop.abort();
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) stop.abort();
    try {
      const results = await Promise.allSettled(
        mine.map((event, index) => this.#sendOne(event, permits[index], stop)),
      );
      await this.#writeDown(mine, results.map(sentOrThrow));
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
    if (mine.length < chunk.length)
      throw new RetryableError('another replica is sending some of these events');
  }

  async #sendOne(event: KlaviyoEvent, first: Permit | undefined, stop: AbortController): Promise<Sent> {
    try {
      return await this.#sendUntilAnswered(event, first, stop);
    } catch (error) {
      // The limiter's row cannot be reached, or its next slot is far away: nothing of this event has left.
      if (error instanceof RetryableError) return { kind: 'unsent', error };
      throw error;
    }
  }

  async #sendUntilAnswered(
    event: KlaviyoEvent,
    first: Permit | undefined,
    stop: AbortController,
  ): Promise<Sent> {
    const { limiter, client } = this.options;
    let permit = first;
    for (;;) {
      if (permit === undefined || !(await limiter.ready(permit, stop.signal))) {
        permit = await limiter.waitAgain('single', stop.signal);
      }
      if (stop.signal.aborted) throw new RetryableError('not sent after another failed');
      crashPoint('writer.claimed');
      const result = await attempt(limiter, 'single', () => client.createEvent(event));
      crashPoint('writer.sent');
      if (result.ok) return { kind: 'accepted', ...result.value };
      const { failure } = result;
      if (failure.kind === 'rejected') return { kind: 'rejected', failure };
      if (failure.kind !== 'throttled') {
        // One failure of this kind is like to be the next one's too.
        stop.abort();
        if (failure.kind === 'unavailable' && failure.mayHaveLeft) return { kind: 'in_doubt', failure };
        throw pauseFor(failure);
      }
      await limiter.freeze(permit, failure.retryAfterMs);
      permit = undefined;
    }
  }

  async #writeDown(events: readonly KlaviyoEvent[], sent: readonly Sent[]): Promise<void> {
    const { store, clock, lookAfterMs } = this.options;
    const of = (kind: Sent['kind']): KlaviyoEvent[] =>
      events.filter((_, index) => sent[index]?.kind === kind);
    const now = clock.now();
    const phonesDropped = events.filter((_, index) => {
      const one = sent[index];
      return one?.kind === 'accepted' && one.phoneDropped;
    });
    const failures = sent.flatMap((one) => (one.kind === 'in_doubt' ? [pauseFor(one.failure)] : []));
    const unsent = sent.flatMap((one) => (one.kind === 'unsent' ? [one.error] : []));
    const rejections = events.flatMap((event, index): Rejection[] => {
      const one = sent[index];
      return one?.kind === 'rejected' ? [rejectionOf(event, one.failure)] : [];
    });
    await insist(async () => {
      await store.markAccepted(of('accepted'), now, new Date(now.getTime() + lookAfterMs));
      crashPoint('writer.marked_accepted');
      await store.noteDroppedPhones(phonesDropped);
      await store.markRejected(rejections);
      await store.markInDoubt(of('in_doubt'), failures[0]?.message ?? '');
    });
    await store.release(of('unsent'));
    writerMetrics.phonesDropped.inc({ route: 'single' }, phonesDropped.length);
    for (const { kind } of sent) writerMetrics.events.inc({ route: 'single', result: kind });
    const error = failures[0] ?? unsent[0];
    if (error !== undefined) throw error;
  }
}

/** Why an event is refused, for the order's story: what we sent and what Klaviyo answered. */
export function rejectionOf(event: KlaviyoEvent, failure: KlaviyoFailure): Rejection {
  const said = failure.kind === 'rejected' ? failure.problems.map(describeProblem).join('; ') : failure.kind;
  return {
    event,
    reason: isDuplicate(failure) ? 'klaviyo.duplicate_profile' : 'klaviyo.rejected',
    detail:
      `${event.metric} ${event.uniqueId} of buyer ${event.buyerId}: Klaviyo answered ${said || 'a refusal without a reason'}`.slice(
        0,
        1_000,
      ),
    exchange: { sent: describeSent(event), answered: answerOf(failure) },
  };
}

function isDuplicate(failure: KlaviyoFailure): boolean {
  return failure.kind === 'rejected' && failure.problems.some(({ code }) => code === 'duplicate_profile');
}

function answerOf(failure: KlaviyoFailure): string {
  if (failure.kind !== 'rejected') return describeFailure(failure);
  return cut(JSON.stringify({ status: failure.status, errors: failure.problems }));
}

function sentOrThrow(result: PromiseSettledResult<Sent>): Sent {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}
