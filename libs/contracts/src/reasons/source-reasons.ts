import type { ReasonDefinition } from '../reason-definition.ts';

/** Reasons about Mirakl as a source. */
export const SOURCE_REASONS = {
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
  'source.settings_changed': {
    meaning: 'The tax mode, the currency or the shop of a marketplace is not what it was when it was set up',
    bucket: null,
    owner: 'platform',
    severity: 'high',
    dueHours: 4,
    whatToDo:
      'Nothing is read meanwhile. Ask the marketplace what changed, bring the entry in marketplaces.yaml in line (shopId, orderTaxMode, currency) and restart mirakl-ingest',
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
  'source.poll_late': {
    meaning: 'No complete poll of the marketplace for much longer than its interval',
    bucket: null,
    owner: 'platform',
    severity: 'high',
    dueHours: 4,
    whatToDo: 'Look whether mirakl-ingest runs, and at its log; a long backfill does not hold up polls',
    resolvesWhen: 'A complete poll of the marketplace succeeds',
  },
  'source.quiet': {
    meaning: 'The marketplace has had no order for far longer than it ever goes without one',
    bucket: null,
    owner: 'operations',
    severity: 'medium',
    dueHours: 24,
    whatToDo: 'Look into the shop: offers offline, holiday mode, suspended account, or a key of another shop',
    resolvesWhen: 'An order arrives',
  },
  'source.check_failed': {
    meaning: 'A preflight check found a problem',
    bucket: null,
    owner: 'platform',
    severity: 'high',
    dueHours: 24,
    whatToDo: 'Do what the detail says, then run the check again',
    resolvesWhen: 'The check finds no problem any more',
  },
} as const satisfies Readonly<Record<string, ReasonDefinition>>;
