import type { ReasonDefinition } from '../reason-definition.ts';

/** Reasons that only the history of a marketplace tells: nothing failed, and something is not as it was. */
export const HISTORY_REASONS = {
  'contact.drift': {
    meaning: 'A marketplace gives direct addresses on fewer of its orders than it did before',
    bucket: null,
    owner: 'marketing',
    severity: 'medium',
    dueHours: 72,
    whatToDo:
      'Compare recent orders with older ones on Marketplaces, and ask the operator whether it has changed what buyers share',
    resolvesWhen: 'The share of direct addresses is again what the four weeks before had',
  },
} as const satisfies Readonly<Record<string, ReasonDefinition>>;
