import type { ReasonDefinition } from '../reason-definition.ts';

/** Reasons about sums and counts that do not agree: our ledger beside Mirakl's and Klaviyo's own words. */
export const BALANCE_REASONS = {
  'balance.not_captured': {
    meaning: 'Mirakl shows an order that was not captured',
    bucket: null,
    owner: 'platform',
    severity: 'high',
    dueHours: 4,
    whatToDo:
      'Nothing at first: it is fetched again by itself. If it stays, look at the log of mirakl-ingest',
    resolvesWhen: 'The order has been captured',
  },
  'balance.amount_differs': {
    meaning: 'Mirakl shows an order with another amount than was captured',
    bucket: null,
    owner: 'platform',
    severity: 'high',
    dueHours: 24,
    whatToDo:
      'Nothing at first: it is fetched again by itself. If it stays, compare both amounts in its story',
    resolvesWhen: 'The captured amount is the one that Mirakl shows',
  },
  'balance.day_differs': {
    meaning: "Mirakl's own count of the orders created on a day differs from what was captured",
    bucket: null,
    owner: 'platform',
    severity: 'high',
    dueHours: 24,
    whatToDo:
      'Nothing at first: the day is swept again by itself. The detail names the orders that are missing',
    resolvesWhen: 'Count and ledger agree on that day',
  },
  'balance.klaviyo_differs': {
    meaning: "Klaviyo's own count of a metric on a day differs from what was delivered",
    bucket: null,
    owner: 'platform',
    severity: 'medium',
    dueHours: 48,
    whatToDo:
      'Nothing at first: the orders of the day that are not verified are read back. More at Klaviyo than was delivered means that something else writes the same metric',
    resolvesWhen: "Klaviyo's count and the delivery ledger agree on that day",
  },
} as const satisfies Readonly<Record<string, ReasonDefinition>>;
