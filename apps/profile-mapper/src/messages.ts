import {
  type BuyerProfile,
  type ErasureReceipt,
  type FactOutcome,
  type FieldCoverage,
  type Finding,
  Topics,
} from '@watertight/contracts';
import { outgoing, type OutgoingMessage } from '@watertight/kafka';
import type { EventDraft } from './events/event-draft.ts';

/** W3C trace context by order key, as far as a message brought one. */
export type Traces = ReadonlyMap<string, string>;

export function eventMessage(
  draft: EventDraft,
  profile: BuyerProfile,
  publishedAt: Date,
  traces: Traces,
): OutgoingMessage {
  const { eventId, orderKey, buyerId } = draft;
  return outgoing(Topics.buyerEvents, {
    key: buyerId,
    value: { ...draft, profile, publishedAt: publishedAt.toISOString() },
    subject: orderKey,
    id: eventId,
    ...traced(orderKey, traces),
  });
}

/** The buyer's profile, or the tombstone of an erased one. */
export function profileMessage(buyerId: string, profile: BuyerProfile | null): OutgoingMessage {
  return outgoing(Topics.buyerProfiles, { key: buyerId, value: profile, subject: buyerId });
}

export function outcomeMessage(outcome: FactOutcome, traces: Traces): OutgoingMessage {
  const subject = outcome.orderKey ?? outcome.factId;
  return outgoing(Topics.outcomes, {
    key: subject,
    value: outcome,
    subject,
    id: outcome.outcomeId,
    ...traced(subject, traces),
  });
}

/** What the mapper says that is not about one order: of a marketplace's fields, or of an erased buyer. */
export function wordMessage(
  subject: string,
  word: FieldCoverage | Finding | ErasureReceipt,
): OutgoingMessage {
  return outgoing(Topics.outcomes, { key: subject, value: word, subject, id: word.outcomeId });
}

function traced(orderKey: string, traces: Traces): { readonly traceparent?: string } {
  const traceparent = traces.get(orderKey);
  return traceparent === undefined ? {} : { traceparent };
}
