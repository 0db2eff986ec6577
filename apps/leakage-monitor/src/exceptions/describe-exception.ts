import { BUCKETS, formatMinor, type OwnerRole } from '@watertight/contracts';
import type { MarketplacePolicy } from '@watertight/marketplaces';
import { reasonWords } from '../ledger/reason-words.ts';
import { chooseRepair } from './choose-repair.ts';
import { type EXCEPTION_ACTIONS, EXCEPTION_STATES, type ExceptionItem } from './exceptions.api.ts';
import type { CaseRow } from './exceptions.store.ts';

/** In how many of the last four weeks a reason has to come up to count as recurring. */
export const RECURRING_WEEKS = 3;

const REPLAYED = ['replay', 'refetch', 'verify', 'sweep', 'check'] as const;

/** Pure. */
export function describeException(
  row: CaseRow,
  policies: readonly MarketplacePolicy[],
  now: Date,
): ExceptionItem {
  const { meaning, owner, severity, whatToDo, resolvesWhen, runbook } = reasonWords(row.reason);
  const state = EXCEPTION_STATES.find((one) => one === row.state) ?? 'open';
  const ended = row.resolved_at ?? now;
  return {
    id: row.id,
    reason: row.reason,
    meaning,
    marketplaceId: row.marketplace_id,
    orderKey: row.order_key,
    about: row.about,
    bucket: BUCKETS.find((bucket) => bucket === row.bucket) ?? null,
    state,
    owner,
    ownerContact: ownerContactOf(policies, row.marketplace_id, owner),
    severity,
    whatToDo,
    resolvesWhen,
    runbook,
    detail: row.detail,
    amount:
      row.amount_minor === null || row.currency === null
        ? null
        : { amount: formatMinor(Number(row.amount_minor), row.currency), currency: row.currency },
    since: row.since.toISOString(),
    openedAt: row.opened_at.toISOString(),
    dueAt: row.due_at?.toISOString() ?? null,
    overdue: row.due_at !== null && isActive(state) && row.due_at < now,
    ageSeconds: Math.max(0, Math.floor((ended.getTime() - row.since.getTime()) / 1_000)),
    assignee: row.assignee,
    acceptedWhy: row.accepted_why,
    snoozedUntil: row.snoozed_until?.toISOString() ?? null,
    resolvedAt: row.resolved_at?.toISOString() ?? null,
    resolvedBy: row.resolved_by,
    occurrences: row.occurrences,
    reopened: row.occurrences > 1,
    recurring: row.weeks >= RECURRING_WEEKS,
    lastReplay: lastReplayOf(row),
    actions: actionsOf(row, state),
  };
}

export function ownerContactOf(
  policies: readonly MarketplacePolicy[],
  marketplaceId: string | null,
  owner: OwnerRole,
): string | null {
  return policies.find(({ id }) => id === marketplaceId)?.owners[owner] ?? null;
}

export function isActive(state: ExceptionItem['state']): boolean {
  return state === 'open' || state === 'assigned';
}

function lastReplayOf(row: CaseRow): ExceptionItem['lastReplay'] {
  const what = REPLAYED.find((one) => one === row.replayed_what);
  if (row.replayed_at === null || what === undefined) return null;
  return { at: row.replayed_at.toISOString(), by: row.replayed_by ?? '', what };
}

function actionsOf(row: CaseRow, state: ExceptionItem['state']): (typeof EXCEPTION_ACTIONS)[number][] {
  if (state === 'resolved') return row.resolved_by === 'itself' ? [] : ['reopen'];
  const repair = chooseRepair({ reason: row.reason, stage: row.stage, orderKey: row.order_key });
  const claim = row.reason.startsWith('contact.') && row.order_key !== null;
  return [
    'assign',
    ...(isActive(state) ? (['accept', 'resolve', 'snooze'] as const) : (['resolve', 'reopen'] as const)),
    ...(repair === null ? [] : [repair.what]),
    ...(claim ? (['claim'] as const) : []),
  ];
}
