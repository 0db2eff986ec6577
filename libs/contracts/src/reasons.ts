import type { Bucket } from './buckets.ts';

export type OwnerRole = 'marketing' | 'operations' | 'platform';
export type Severity = 'info' | 'low' | 'medium' | 'high';

export interface ReasonDefinition {
  /** What it means, for a person who never saw the code. */
  readonly meaning: string;
  /** Where it leaves the order; null for reasons that are about a source, a stage or a message, not an order. */
  readonly bucket: Bucket | null;
  readonly owner: OwnerRole;
  readonly severity: Severity;
  /** Hours until a person should have acted; null where nobody needs to. */
  readonly dueHours: number | null;
  readonly whatToDo: string;
  readonly resolvesWhen: string;
}

/**
 * Every reason code there is: `area.cause`. The docs, the console's labels and the runbook list are generated from
 * here; a reason that is not listed does not compile.
 */
export const REASONS = {
  'source.unparseable': {
    meaning: 'Mirakl sent an order whose identity or money cannot be read',
    bucket: 'failed',
    owner: 'platform',
    severity: 'high',
    dueHours: 24,
    whatToDo:
      'Open the dead letter, compare it with the field named in the detail, mend the parser or ask the marketplace, then refetch the order',
    resolvesWhen: 'A later read of the same order succeeds',
  },
  'source.unreachable': {
    meaning: 'A marketplace did not answer, or refused the call, several times in a row',
    bucket: null,
    owner: 'platform',
    severity: 'high',
    dueHours: 4,
    whatToDo: 'Check the API key, the address and the status page of the marketplace',
    resolvesWhen: 'A complete poll of the marketplace succeeds',
  },
  'source.missed_by_poll': {
    meaning: 'The daily sweep found an order, or a change of one, that the fast loop had not captured',
    bucket: null,
    owner: 'platform',
    severity: 'medium',
    dueHours: 48,
    whatToDo: 'Nothing for this order: it has been captured now. Look for a pattern if it repeats',
    resolvesWhen: 'The order has been captured',
  },
  'source.count_differs': {
    meaning: "Mirakl's own count of orders differs from what was captured",
    bucket: null,
    owner: 'platform',
    severity: 'high',
    dueHours: 24,
    whatToDo: 'Start a sweep of the marketplace; it names the missing orders and captures them',
    resolvesWhen: 'A later audit of the marketplace shows difference 0',
  },
  'mapping.pending': {
    meaning: 'Captured; the mapper has not spoken of it yet',
    bucket: 'in_flight',
    owner: 'platform',
    severity: 'low',
    dueHours: 4,
    whatToDo: 'Nothing for minutes; after that look at the lag of profile-mapper',
    resolvesWhen: 'The mapper has processed the order',
  },
  'mapping.awaiting_acceptance': {
    meaning: 'The order is not accepted yet, so it is not a sale yet',
    bucket: 'in_flight',
    owner: 'operations',
    severity: 'info',
    dueHours: 72,
    whatToDo: 'Accept or refuse the order at the marketplace if it is waiting for you',
    resolvesWhen: 'The order is accepted, refused or cancelled at Mirakl',
  },
  'mapping.awaiting_order': {
    meaning: 'A refund, cancelation or return arrived before its order',
    bucket: null,
    owner: 'platform',
    severity: 'info',
    dueHours: 24,
    whatToDo: 'Nothing: it is applied as soon as the order arrives',
    resolvesWhen: 'The order arrives',
  },
  'mapping.refused': {
    meaning: 'The order was refused',
    bucket: 'not_a_sale',
    owner: 'operations',
    severity: 'info',
    dueHours: null,
    whatToDo: 'Nothing',
    resolvesWhen: 'It is final',
  },
  'mapping.cancelled_before_acceptance': {
    meaning: 'The order was cancelled before it was accepted',
    bucket: 'not_a_sale',
    owner: 'operations',
    severity: 'info',
    dueHours: null,
    whatToDo: 'Nothing',
    resolvesWhen: 'It is final',
  },
  'mapping.unknown_value': {
    meaning: 'Mirakl sent a state or type that this version does not know',
    bucket: null,
    owner: 'platform',
    severity: 'medium',
    dueHours: 72,
    whatToDo: 'Decide what the new value means and add it to the mapping',
    resolvesWhen: 'The value is known to the running version',
  },
  'mapping.unknown_state': {
    meaning:
      'The order is in a state that this version does not know, so it is not decided whether it is a sale',
    bucket: 'in_flight',
    owner: 'platform',
    severity: 'high',
    dueHours: 24,
    whatToDo: 'Decide what the new state means and add it to the sale rule, then replay the order',
    resolvesWhen: 'The order reaches a known state, or the running version knows the state',
  },
  'mapping.no_rate': {
    meaning:
      'There is no rate for this currency, so the amount is left out of sums in the reporting currency',
    bucket: null,
    owner: 'marketing',
    severity: 'medium',
    dueHours: 72,
    whatToDo: 'Add the rate of the currency to marketplaces.yaml',
    resolvesWhen: 'A rate is configured',
  },
  'contact.absent': {
    meaning: 'The marketplace gave no address for the buyer',
    bucket: 'uncaptured_contact',
    owner: 'marketing',
    severity: 'low',
    dueHours: 168,
    whatToDo: 'Ask the marketplace to share addresses, or upload a contact claim',
    resolvesWhen: 'An address arrives from Mirakl or by a contact claim',
  },
  'contact.relay': {
    meaning: "The address is the marketplace's relay and the policy allows direct addresses only",
    bucket: 'uncaptured_contact',
    owner: 'marketing',
    severity: 'low',
    dueHours: 168,
    whatToDo:
      'Upload a contact claim with the real address, or allow relays for this marketplace if its terms do',
    resolvesWhen: 'A direct address arrives, or the policy allows relays',
  },
  'contact.placeholder': {
    meaning: 'The address is a placeholder that the marketplace puts on many orders',
    bucket: 'uncaptured_contact',
    owner: 'marketing',
    severity: 'low',
    dueHours: 168,
    whatToDo: 'Upload a contact claim with the real address',
    resolvesWhen: 'A direct address arrives',
  },
  'contact.malformed': {
    meaning: 'What stands in the address field is not an email address',
    bucket: 'uncaptured_contact',
    owner: 'marketing',
    severity: 'low',
    dueHours: 168,
    whatToDo: 'Correct it by a contact claim; tell the marketplace if it repeats',
    resolvesWhen: 'A well-formed address arrives',
  },
  'contact.anonymised': {
    meaning: 'The marketplace has anonymised the buyer',
    bucket: 'uncaptured_contact',
    owner: 'marketing',
    severity: 'info',
    dueHours: null,
    whatToDo: 'Nothing: the marketplace removed the person',
    resolvesWhen: 'It is final',
  },
  'policy.contact_not_used': {
    meaning: 'marketplaces.yaml says that contacts of this marketplace are not used (contact.use: none)',
    bucket: 'withheld',
    owner: 'marketing',
    severity: 'info',
    dueHours: null,
    whatToDo: 'Nothing, unless the policy should change',
    resolvesWhen: 'The policy changes',
  },
  'policy.deliver_nothing': {
    meaning: 'marketplaces.yaml says that nothing of this marketplace is delivered (deliver: nothing)',
    bucket: 'withheld',
    owner: 'marketing',
    severity: 'info',
    dueHours: null,
    whatToDo: 'Nothing, unless the policy should change',
    resolvesWhen: 'The policy changes',
  },
  'policy.unknown_marketplace': {
    meaning: 'The order names a marketplace that is not in marketplaces.yaml',
    bucket: 'withheld',
    owner: 'platform',
    severity: 'high',
    dueHours: 24,
    whatToDo: 'Add the marketplace to marketplaces.yaml, or remove its leftovers',
    resolvesWhen: 'The marketplace is configured and the order replayed',
  },
  'policy.no_profile': {
    meaning: 'The policy sends events for existing profiles only, and Klaviyo has no profile of this buyer',
    bucket: 'withheld',
    owner: 'marketing',
    severity: 'info',
    dueHours: null,
    whatToDo: 'Nothing, unless new profiles are wanted for this marketplace',
    resolvesWhen: 'The buyer becomes a profile in another way and the order is replayed',
  },
  'privacy.erased': {
    meaning: 'The buyer asked to be erased',
    bucket: 'erased',
    owner: 'operations',
    severity: 'info',
    dueHours: null,
    whatToDo: 'Nothing',
    resolvesWhen: 'It is final',
  },
  'contract.invalid_message': {
    meaning: 'A record on a topic is not JSON or does not fit its schema',
    bucket: 'failed',
    owner: 'platform',
    severity: 'high',
    dueHours: 24,
    whatToDo: 'Find out who wrote the record; its bytes are in the dead-letter topic',
    resolvesWhen: 'The order is replayed successfully',
  },
  'contract.message_too_large': {
    meaning: 'A message is larger than the broker takes',
    bucket: 'failed',
    owner: 'platform',
    severity: 'high',
    dueHours: 24,
    whatToDo: 'Look at the order: it is unusually large. Raise the limit of the topic or shorten its texts',
    resolvesWhen: 'The order is replayed successfully',
  },
  'klaviyo.rejected': {
    meaning: 'Klaviyo refused the event as invalid',
    bucket: 'failed',
    owner: 'platform',
    severity: 'high',
    dueHours: 24,
    whatToDo: "Read Klaviyo's answer in the order's story, mend the data or the mapping, then replay",
    resolvesWhen: 'A replay is accepted and read back',
  },
  'klaviyo.not_found_after_resend': {
    meaning: 'Klaviyo accepted the event twice, and it never appeared',
    bucket: 'failed',
    owner: 'platform',
    severity: 'high',
    dueHours: 24,
    whatToDo: 'Check the status page of Klaviyo and the address of the profile; then replay',
    resolvesWhen: 'The event is read back',
  },
  'klaviyo.in_doubt': {
    meaning: 'The event may have left, but no answer came back',
    bucket: 'in_flight',
    owner: 'platform',
    severity: 'low',
    dueHours: 24,
    whatToDo: 'Nothing: it is looked up and, if missing, sent again by the single route',
    resolvesWhen: 'The event is read back or resent',
  },
  'klaviyo.pending': {
    meaning: 'Mapped; at least one of its buyer events has not been sent yet',
    bucket: 'in_flight',
    owner: 'platform',
    severity: 'low',
    dueHours: 4,
    whatToDo: 'Nothing for minutes; after that look at the lag of klaviyo-writer and the quota',
    resolvesWhen: 'Every buyer event of the order has been sent and read back',
  },
  'klaviyo.accepted': {
    meaning: 'Klaviyo answered 202; the event has not been read back yet',
    bucket: 'in_flight',
    owner: 'platform',
    severity: 'info',
    dueHours: 24,
    whatToDo: 'Nothing: it is read back within seconds to minutes',
    resolvesWhen: 'The event is read back',
  },
} as const satisfies Readonly<Record<string, ReasonDefinition>>;

export type ReasonCode = keyof typeof REASONS;

export const REASON_CODES: readonly ReasonCode[] = Object.keys(REASONS).filter(isReasonCode);

export function isReasonCode(text: string): text is ReasonCode {
  return Object.hasOwn(REASONS, text);
}

export function reasonOf(code: ReasonCode): ReasonDefinition {
  return REASONS[code];
}
