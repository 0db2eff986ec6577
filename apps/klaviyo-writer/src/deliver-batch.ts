import type { BuyerEvent } from '@watertight/contracts';
import { DONE, type MessageBatch, type MessageOutcome } from '@watertight/kafka';
import type { MarketplacesPolicy } from '@watertight/marketplaces';
import { type Clock, measureStep } from '@watertight/service';
import { crashPoint } from '@watertight/service/crash-point';
import { hasStorableIds, UNSTORABLE } from './buyer-event-payload.ts';
import { chooseRoute } from './delivery/choose-route.ts';
import type { DeliveryStore } from './delivery/delivery.store.ts';
import { type DeliveryPlan, planDelivery } from './delivery/plan-delivery.ts';
import type { SayOutcomes } from './delivery/say-outcomes.ts';
import type { SendBulk } from './delivery/send-bulk.ts';
import type { SendSingles } from './delivery/send-singles.ts';
import type { Word, WordStore } from './delivery/word.store.ts';
import { buildKlaviyoEvents } from './klaviyo/build-event.ts';
import { describeAccepted } from './klaviyo/describe-exchange.ts';
import { type KlaviyoEvent, ledgerKey } from './klaviyo/klaviyo-event.ts';
import type { HoldReason, ProfileGates } from './profiles/profile-gates.ts';
import type { KlaviyoReader } from './verify/klaviyo-reader.ts';

export interface DeliverBatchOptions {
  readonly store: DeliveryStore;
  readonly words: WordStore;
  readonly outcomes: SayOutcomes;
  readonly singles: SendSingles;
  readonly bulk: SendBulk;
  readonly reader: KlaviyoReader;
  readonly gates: ProfileGates;
  readonly policy: MarketplacesPolicy;
  readonly clock: Clock;
}

/** A buyer event and the Klaviyo events that it becomes. */
interface Outgoing {
  readonly event: BuyerEvent;
  readonly parts: readonly KlaviyoEvent[];
}

/**
 * The writer's whole flow:
 *
 *     admit (take the buyer events into the ledger; what is verified already is done)
 *       → withhold (erased buyers, events for existing profiles only, the budget of new profiles)
 *       → plan (never left, or may have left before; which profile versions travel)
 *       → look up (in doubt for long, or many: ask Klaviyo first)
 *       → send (bulk or single: permit → claim → request → mark)
 *       → say (outcomes; then the strategy commits the offsets)
 *
 * A crash anywhere leads to the same messages again; the ledger then knows what may have left.
 */
export class DeliverBatch {
  constructor(private readonly options: DeliverBatchOptions) {}

  /** One outcome per message. Throws RetryableError when Klaviyo or the database cannot take all of it now. */
  async deliver(batch: MessageBatch<BuyerEvent>): Promise<readonly MessageOutcome[]> {
    const all = batch.messages.map(({ value }) => value);
    const events = all.filter(hasStorableIds);
    await this.options.outcomes.sayUnstorable(all.filter((event) => !hasStorableIds(event)));
    const words = await this.deliverEvents(events, batch.signal);
    const byEvent = new Map(words.map((word) => [word.eventId, word]));
    return batch.messages.map(({ value }) => outcomeOf(value, byEvent.get(value.eventId)));
  }

  /** The same for events from elsewhere, such as a replay. Returns the word on each event. */
  async deliverEvents(events: readonly BuyerEvent[], signal: AbortSignal): Promise<readonly Word[]> {
    const newest = new Map(events.map((event) => [event.eventId, event]));
    const admitted = await measureStep('writer.admit', () => this.#admit([...newest.values()]));
    crashPoint('writer.batch_admitted');
    const allowed = await this.#withhold(admitted);
    const plan = await measureStep('writer.plan', () => this.#plan(allowed));
    const open = await measureStep('writer.look_up', () => this.#lookUp(plan));
    await measureStep('writer.send', () => this.#send(open, signal));
    const parts = new Map(allowed.map((one) => [one.event.eventId, one.parts]));
    const describe = (eventId: string) => {
      const sent = parts.get(eventId);
      return sent === undefined ? undefined : describeAccepted(sent);
    };
    const words = await measureStep('writer.say', () =>
      this.options.outcomes.say([...newest.keys()], describe),
    );
    crashPoint('writer.outcomes_said');
    return words;
  }

  async #admit(events: readonly BuyerEvent[]): Promise<readonly Outgoing[]> {
    const { store, policy, clock } = this.options;
    const now = clock.now();
    const outgoing = events.map((event) => ({ event, parts: buildKlaviyoEvents(event, { policy, now }) }));
    const { sendable, unseen } = await store.admit(
      outgoing.map(({ event, parts }) => ({
        eventId: event.eventId,
        orderKey: event.orderKey,
        buyerId: event.buyerId,
        parts: parts.length,
        payload: event,
      })),
      now,
    );
    await store.noteOtherBuyers(events.filter(({ eventId }) => !unseen.has(eventId)));
    return outgoing.filter(({ event }) => sendable.has(event.eventId));
  }

  /** Takes out what must not, or not yet, be sent, and says why. */
  async #withhold(outgoing: readonly Outgoing[]): Promise<readonly Outgoing[]> {
    const { gates, words, clock } = this.options;
    const held = await gates.judge(outgoing.map(({ event }) => event));
    if (held.size === 0) return outgoing;
    const of = (reason: HoldReason): string[] =>
      [...held].filter(([, one]) => one === reason).map(([eventId]) => eventId);
    await words.erase(of('privacy.erased'), clock.now());
    await words.withhold(of('policy.no_profile'), 'policy.no_profile', clock.now());
    await words.withhold(of('policy.profile_budget'), 'policy.profile_budget', clock.now());
    return outgoing.filter(({ event }) => !held.has(event.eventId));
  }

  async #plan(outgoing: readonly Outgoing[]): Promise<DeliveryPlan> {
    const { store, clock } = this.options;
    const [ledger, sent] = await Promise.all([
      store.ledgerOf(outgoing.map(({ event }) => event.eventId)),
      store.sentProfiles(outgoing.map(({ event }) => event.buyerId)),
    ]);
    const parts = outgoing.flatMap((one) => one.parts);
    return planDelivery(parts, ledger, sent, clock.now());
  }

  async #lookUp({ fresh, again, lookUpFirst }: DeliveryPlan): Promise<Omit<DeliveryPlan, 'lookUpFirst'>> {
    if (lookUpFirst.length === 0) return { fresh, again };
    const { found } = await this.options.reader.find(lookUpFirst);
    const isFound = (event: KlaviyoEvent): boolean => found.has(ledgerKey(event));
    await this.options.store.markFound(again.filter(isFound));
    return { fresh, again: again.filter((event) => !isFound(event)) };
  }

  async #send({ fresh, again }: Omit<DeliveryPlan, 'lookUpFirst'>, signal: AbortSignal): Promise<void> {
    const { singles, bulk } = this.options;
    const route = chooseRoute({ events: fresh.length, alreadyQueued: bulk.queued });
    const results = await Promise.allSettled([
      singles.send(route === 'single' ? [...again, ...fresh] : again, signal),
      route === 'bulk' ? this.#sendBulk(fresh, signal) : undefined,
    ]);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  async #sendBulk(fresh: readonly KlaviyoEvent[], signal: AbortSignal): Promise<void> {
    const repeated = await this.options.bulk.send(fresh, signal);
    await this.options.singles.send(repeated, signal);
  }
}

function outcomeOf(event: BuyerEvent, word: Word | undefined): MessageOutcome {
  if (!hasStorableIds(event)) return { kind: 'dead', ...UNSTORABLE };
  if (word?.outcome !== 'failed') return DONE;
  return { kind: 'dead', reason: word.reason ?? 'klaviyo.rejected', detail: word.detail ?? '' };
}
