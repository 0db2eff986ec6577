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
  'contact.claim_contradicts': {
    meaning:
      'A contact claim names another address than the one that buyer events of the order were already sent for',
    bucket: null,
    owner: 'marketing',
    severity: 'medium',
    dueHours: 72,
    whatToDo:
      'Find out whose order it is. The events stay with the first address; if that one is wrong, erase it or correct the profile in Klaviyo, and accept this exception with the reason',
    resolvesWhen: 'A newer claim names the address that the events were sent for',
  },
  'contact.changed_after_delivery': {
    meaning: 'The marketplace shows another address now than the one that buyer events were already sent for',
    bucket: null,
    owner: 'marketing',
    severity: 'medium',
    dueHours: 72,
    whatToDo:
      'Find out whose order it is. The events stay with the first address, because one event is never sent for two people; accept this exception with the reason',
    resolvesWhen: 'The marketplace shows the first address again',
  },
  'contact.shared_address': {
    meaning:
      'An address turned out to stand on orders of many different people after buyer events had been sent for it',
    bucket: null,
    owner: 'marketing',
    severity: 'medium',
    dueHours: 72,
    whatToDo:
      'Add the address to contact.placeholders of the marketplace if it is one, and erase its buyer; else raise contact.sharedBy',
    resolvesWhen: 'The address is configured as a placeholder, or the threshold is raised',
  },
} as const satisfies Readonly<Record<string, ReasonDefinition>>;
