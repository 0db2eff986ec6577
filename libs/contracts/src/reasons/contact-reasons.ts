import type { ReasonDefinition } from '../reason-definition.ts';

/** Reasons about the way to reach a buyer. */
export const CONTACT_REASONS = {
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
} as const satisfies Readonly<Record<string, ReasonDefinition>>;
