import type { FactOutcome, OrderFact, RefundFact, Sighting, Stage, WireMoney } from '@watertight/contracts';

/** Whose voice it is: the order's story is told in these five. */
export type Chapter = 'mirakl_said' | 'we_understood' | 'we_sent' | 'klaviyo_answered' | 'read_back';

/** One thing that happened to an order. The same thing told twice has the same entry id. */
export interface TimelineEntry {
  readonly orderKey: string;
  readonly entryId: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly stage: Stage;
  readonly chapter: Chapter;
  /** `order`, `refund`, `cancelation`, `return`, `sighting`, or the outcome's name. */
  readonly what: string;
  readonly factId: string;
  readonly revision: number | null;
  readonly reason: string | null;
  /** For a person who looks into it; never personal data. */
  readonly detail: string | null;
  /** The order's or refund's state at Mirakl, where Mirakl spoke. */
  readonly state: string | null;
  readonly amount: WireMoney | null;
  /** Of the mapper's word: the buyer events that it made. */
  readonly eventIds: readonly string[];
  /** What we sent and what Klaviyo answered, personal data redacted by the writer. */
  readonly exchange?: { readonly sent: string; readonly answered: string };
}

const NOTHING_MORE = {
  revision: null,
  reason: null,
  detail: null,
  state: null,
  amount: null,
  eventIds: [],
} as const;

export function entryOfOrder(fact: OrderFact): TimelineEntry {
  return {
    ...NOTHING_MORE,
    orderKey: fact.orderKey,
    entryId: `order|${fact.revision}|${fact.contentHash.slice(0, 16)}`,
    at: fact.observedAt,
    stage: 'ingest',
    chapter: 'mirakl_said',
    what: 'order',
    factId: fact.orderKey,
    revision: fact.revision,
    detail: `found by ${fact.source}`,
    state: fact.state,
    amount: fact.amount,
  };
}

export function entryOfRefund(fact: RefundFact): TimelineEntry {
  return {
    ...NOTHING_MORE,
    orderKey: fact.orderKey,
    entryId: `${fact.kind}|${fact.factId}|${fact.revision}`,
    at: fact.observedAt,
    stage: 'ingest',
    chapter: 'mirakl_said',
    what: fact.kind,
    factId: fact.factId,
    revision: fact.revision,
    state: fact.state,
    amount: fact.amount,
  };
}

export function entryOfSighting(sighting: Sighting): TimelineEntry {
  return {
    ...NOTHING_MORE,
    orderKey: sighting.orderKey,
    entryId: sighting.outcomeId,
    at: sighting.at,
    stage: 'ingest',
    chapter: 'mirakl_said',
    what: 'sighting',
    factId: sighting.orderKey,
    amount: sighting.amount,
  };
}

export function entryOfOutcome(orderKey: string, outcome: FactOutcome): TimelineEntry {
  return {
    ...NOTHING_MORE,
    orderKey,
    entryId: outcome.outcomeId,
    at: outcome.at,
    stage: outcome.stage,
    chapter: chapterOf(outcome),
    what: outcome.outcome,
    factId: outcome.factId,
    revision: outcome.revision,
    reason: outcome.reason,
    detail: outcome.detail,
    eventIds: outcome.eventIds ?? [],
    ...(outcome.exchange === undefined ? {} : { exchange: outcome.exchange }),
  };
}

function chapterOf({ stage, outcome }: FactOutcome): Chapter {
  if (stage === 'ingest') return 'mirakl_said';
  if (stage !== 'writer') return 'we_understood';
  if (outcome === 'verified') return 'read_back';
  return outcome === 'accepted' || outcome === 'failed' ? 'klaviyo_answered' : 'we_sent';
}
