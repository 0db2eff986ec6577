import type { ReasonDefinition } from '../reason-definition.ts';

/** Reasons about messages that break their contract. */
export const CONTRACT_REASONS = {
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
} as const satisfies Readonly<Record<string, ReasonDefinition>>;
