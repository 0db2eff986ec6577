import { STAGES, type Stage } from '@watertight/contracts';

/** What can be run for a cause: the failed step only. */
export interface Repair {
  readonly what: 'replay' | 'refetch' | 'verify' | 'sweep' | 'check';
  /** Of a replay, the step that runs again. */
  readonly stage: Stage | null;
  /** What it will do, in words. */
  readonly sentence: string;
}

interface Subject {
  readonly reason: string;
  readonly stage: string | null;
  readonly orderKey: string | null;
}

const REFETCH: Repair = {
  what: 'refetch',
  stage: null,
  sentence: 'Mirakl is asked for the order again; what has changed goes the whole way',
};
const VERIFY: Repair = {
  what: 'verify',
  stage: null,
  sentence: 'The buyer events of the order are read back from Klaviyo now; nothing is sent',
};
const SWEEP: Repair = {
  what: 'sweep',
  stage: null,
  sentence: 'The orders of the marketplace are read by creation date again; what is missing is captured',
};
const CHECK: Repair = { what: 'check', stage: null, sentence: 'The preflight checks run again' };

const REPLAY_SENTENCES: Readonly<Record<Stage, string>> = {
  ingest: 'The order is captured again',
  mapper: 'The order is judged and mapped again, from what Mirakl said of it; ids stay the same',
  writer:
    'The buyer events that failed or wait are sent again by the single route, under the same ids: what is there already stays as it is',
  monitor: 'The order is folded again',
};

/** By reason, where the step that spoke does not say it. Null: no step can mend it, a person has to. */
const BY_REASON: Readonly<Record<string, Repair | null>> = {
  'balance.not_captured': REFETCH,
  'balance.amount_differs': REFETCH,
  'source.unparseable': REFETCH,
  'mapping.awaiting_acceptance': REFETCH,
  'klaviyo.accepted': VERIFY,
  'klaviyo.in_doubt': VERIFY,
  'klaviyo.sent_for_another_address': null,
  'source.missed_by_poll': null,
  'source.count_differs': SWEEP,
  'balance.day_differs': SWEEP,
  'source.unreachable': CHECK,
  'source.poll_late': CHECK,
  'source.quiet': CHECK,
  'source.check_failed': CHECK,
};

/** Pure. Null when nothing that could be run would change anything: an address has to be supplied, say. */
export function chooseRepair({ reason, stage, orderKey }: Subject): Repair | null {
  const known = BY_REASON[reason];
  if (known !== undefined) return known;
  if (orderKey === null || reason.startsWith('contact.')) return null;
  const failed = STAGES.find((one) => one === stage);
  if (failed === undefined || failed === 'monitor') return null;
  if (failed === 'ingest') return REFETCH;
  return { what: 'replay', stage: failed, sentence: REPLAY_SENTENCES[failed] };
}
