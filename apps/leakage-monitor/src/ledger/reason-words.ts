import { isReasonCode, type OwnerRole, type ReasonDefinition, reasonOf } from '@watertight/contracts';

/** What stands behind a reason code: whose job it is, by when, and what to do. */
export interface ReasonWords extends Omit<ReasonDefinition, 'bucket'> {
  readonly code: string;
  /** Its page, below docs/. */
  readonly runbook: string;
}

/** Every kind of exception has a heading there; GitHub and the console leave dots out of its anchor. */
const PAGE = 'generated/exceptions.md';

const UNKNOWN_OWNER: OwnerRole = 'platform';

/** Never throws: a service that is newer than this one may use codes that are not listed here yet. */
export function reasonWords(code: string): ReasonWords {
  if (isReasonCode(code)) {
    const { bucket: _bucket, ...words } = reasonOf(code);
    return { code, ...words, runbook: `${PAGE}#${code.replaceAll('.', '')}` };
  }
  return {
    code,
    meaning: `A reason that this version does not know (${code})`,
    owner: UNKNOWN_OWNER,
    severity: 'medium',
    dueHours: 24,
    whatToDo: 'Upgrade leakage-monitor to the version of the other services',
    resolvesWhen: 'It is known to the running version',
    runbook: PAGE,
  };
}
