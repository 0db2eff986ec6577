import type { MarketplacesPolicy } from '@watertight/marketplaces';
import type { Clock } from '@watertight/service';
import { crashPoint } from '@watertight/service/crash-point';
import { fromPayload } from '../buyer-event-payload.ts';
import type { DeliveryStore, Rejection } from '../delivery/delivery.store.ts';
import type { SayOutcomes } from '../delivery/say-outcomes.ts';
import type { WordStore } from '../delivery/word.store.ts';
import { buildKlaviyoEvents } from '../klaviyo/build-event.ts';
import { type KlaviyoEvent, ledgerKey } from '../klaviyo/klaviyo-event.ts';
import { writerMetrics } from '../writer.metrics.ts';
import type { KlaviyoReader } from './klaviyo-reader.ts';
import { type LookTimes, planAfterMiss } from './plan-look.ts';
import type { ResendOnce } from './resend-once.ts';
import type { DueLook, VerifyStore } from './verify.store.ts';

export interface VerifyOptions {
  readonly store: VerifyStore;
  readonly ledger: DeliveryStore;
  readonly words: WordStore;
  readonly outcomes: SayOutcomes;
  readonly reader: KlaviyoReader;
  readonly resends: ResendOnce;
  readonly policy: MarketplacesPolicy;
  readonly clock: Clock;
  readonly times: LookTimes;
}

/** All that is due is looked at together, so that a page answers for as many as possible; this bounds the memory. */
const DUE_MAX = 20_000;
/** Rows written in one transaction. */
const CHUNK_EVENTS = 2_000;
const RESENDS_AT_ONCE = 20;

/**
 * Accepted (202) is not stored: only what a read-back shows is verified. What stays away past its deadline is sent once
 * more, and then given to a person.
 */
export class VerifyAccepted {
  constructor(private readonly options: VerifyOptions) {}

  /** One round. Resolves with true when more is due at once. Throws RetryableError when Klaviyo cannot be asked. */
  async round(): Promise<boolean> {
    const { store, reader, clock } = this.options;
    const due = await store.due(clock.now(), DUE_MAX);
    writerMetrics.toVerify.set(due.length);
    if (due.length === 0) return false;
    const { found, looked } = await reader.find(due);
    crashPoint('writer.read_back');
    await this.#sayVerified(due.filter((event) => found.has(ledgerKey(event))));
    await this.#afterMisses(
      due.filter((event) => looked.has(ledgerKey(event)) && !found.has(ledgerKey(event))),
    );
    return due.length === DUE_MAX || looked.size < due.length;
  }

  async #sayVerified(events: readonly DueLook[]): Promise<void> {
    for (let start = 0; start < events.length; start += CHUNK_EVENTS) {
      const chunk = events.slice(start, start + CHUNK_EVENTS);
      await this.options.outcomes.sayChanges(eventIdsOf(chunk), (transaction) =>
        this.options.ledger.markVerified(transaction, chunk),
      );
      crashPoint('writer.verified');
    }
  }

  async #afterMisses(missed: readonly DueLook[]): Promise<void> {
    const { store, clock, times } = this.options;
    const now = clock.now();
    const planned = missed.map((event) => ({ event, plan: planAfterMiss(event, now, times) }));
    await store.lookAgain(
      planned.flatMap(({ event, plan }) =>
        plan.kind === 'look_again' ? [{ ...event, lookAt: plan.at }] : [],
      ),
    );
    await this.#giveUp(
      planned.flatMap(({ event, plan }) =>
        plan.kind === 'give_up' ? [notFound(event, NOT_FOUND_AGAIN)] : [],
      ),
    );
    await this.#resend(planned.flatMap(({ event, plan }) => (plan.kind === 'resend' ? [event] : [])));
  }

  async #giveUp(rejections: readonly (Rejection & { readonly eventId: string })[]): Promise<void> {
    if (rejections.length === 0) return;
    await this.options.ledger.markRejected(rejections);
    await this.options.outcomes.say(eventIdsOf(rejections));
  }

  async #resend(events: readonly DueLook[]): Promise<void> {
    for (let start = 0; start < events.length; start += RESENDS_AT_ONCE) {
      const chunk = events.slice(start, start + RESENDS_AT_ONCE);
      const payloads = await this.options.words.payloadsOf(eventIdsOf(chunk));
      const parts = chunk.map((due) => ({ due, part: this.#partOf(due, payloads.get(due.eventId)) }));
      const results = await Promise.allSettled(
        parts.map(async ({ due, part }) =>
          part === undefined ? undefined : this.options.resends.resend(part, due),
        ),
      );
      await this.#giveUp(
        parts.flatMap(({ due, part }) => (part === undefined ? [notFound(due, NOT_KEPT)] : [])),
      );
      // One that Klaviyo refused has failed; the others keep the word they have.
      await this.options.outcomes.sayChanges(eventIdsOf(chunk), async () => {});
      for (const result of results) if (result.status === 'rejected') throw result.reason;
    }
  }

  /** The Klaviyo event of a ledger row, made anew from the buyer event that was kept for it. */
  #partOf({ metric, uniqueId, occurredAt }: DueLook, payload: unknown): KlaviyoEvent | undefined {
    if (payload === undefined) return undefined;
    const { policy, clock } = this.options;
    const parts = buildKlaviyoEvents(fromPayload(payload), { policy, now: clock.now() });
    const found = parts.find((part) => part.metric === metric && part.uniqueId === uniqueId);
    // The time it was accepted with: there it is looked for.
    return found === undefined ? undefined : { ...found, occurredAt };
  }
}

const NOT_FOUND_AGAIN = 'Klaviyo accepted it twice and never showed it';
const NOT_KEPT =
  'Klaviyo accepted it and never showed it; what it was made of is no longer kept, or its metric was renamed';

function notFound(event: DueLook, detail: string): Rejection & { readonly eventId: string } {
  const { metric, uniqueId, eventId } = event;
  const reason = 'klaviyo.not_found_after_resend';
  return { event, eventId, reason, detail: `${metric} ${uniqueId}: ${detail}`, exchange: null };
}

function eventIdsOf(events: readonly { readonly eventId: string }[]): readonly string[] {
  return [...new Set(events.map(({ eventId }) => eventId))];
}
