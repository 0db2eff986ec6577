import type { ReasonDefinition } from '../reason-definition.ts';

/** Reasons about delivery to Klaviyo. */
export const KLAVIYO_REASONS = {
  'klaviyo.rejected': {
    meaning: 'Klaviyo refused the event as invalid',
    bucket: 'failed',
    owner: 'platform',
    severity: 'high',
    dueHours: 24,
    whatToDo: "Read Klaviyo's answer in the order's story, mend the data or the mapping, then replay",
    resolvesWhen: 'A replay is accepted and read back',
  },
  'klaviyo.duplicate_profile': {
    meaning: 'The identifiers of the buyer belong to two profiles in Klaviyo; nothing was merged',
    bucket: 'failed',
    owner: 'operations',
    severity: 'medium',
    dueHours: 72,
    whatToDo:
      'Look at both profiles in Klaviyo (their ids are in the detail), decide which one is right, then replay',
    resolvesWhen: 'A replay is accepted and read back',
  },
  'klaviyo.profile_cut': {
    meaning: "The oldest SKUs and titles of a profile were left out to keep it under Klaviyo's 100 KB",
    bucket: null,
    owner: 'marketing',
    severity: 'info',
    dueHours: null,
    whatToDo: 'Nothing; the property Marketplace Lists Cut marks the profile',
    resolvesWhen: 'It does not: the profile stays marked',
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
  'klaviyo.sent_for_another_address': {
    meaning: 'The address of the order changed after the event had been sent; it was not sent a second time',
    bucket: 'failed',
    owner: 'operations',
    severity: 'medium',
    dueHours: 72,
    whatToDo:
      'Find out which address is right. If the new one, merge the two profiles in Klaviyo or accept the exception',
    resolvesWhen: 'The marketplace gives the first address again, or a person accepts it',
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
