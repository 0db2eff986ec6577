import type { ReasonDefinition } from '../reason-definition.ts';

/** Reasons about what an order means. */
export const MAPPING_REASONS = {
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
} as const satisfies Readonly<Record<string, ReasonDefinition>>;
