import type { ReasonDefinition } from '../reason-definition.ts';

/** Reasons about erased people. */
export const PRIVACY_REASONS = {
  'privacy.erased': {
    meaning: 'The buyer asked to be erased',
    bucket: 'erased',
    owner: 'operations',
    severity: 'info',
    dueHours: null,
    whatToDo: 'Nothing',
    resolvesWhen: 'It is final',
  },
} as const satisfies Readonly<Record<string, ReasonDefinition>>;
