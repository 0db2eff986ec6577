import type { RepairCommand } from '../commands/command-draft.ts';
import { buildRepairCommand } from '../commands/command-draft.ts';
import type { SelectedCase } from './act.store.ts';
import { chooseRepair, type Repair } from './choose-repair.ts';

/** Why an exception is not replayed, in words for the person who asked. */
export const NOT_REPLAYED = {
  over: 'it is resolved already',
  again: 'it was replayed already; a second time needs force',
  nothing: 'nothing that could be run would change it',
} as const;

export interface PlannedReplay {
  readonly selected: SelectedCase;
  readonly repair: Repair;
  readonly command: RepairCommand;
}

export interface ReplayPlan {
  readonly replays: readonly PlannedReplay[];
  readonly left: readonly { readonly selected: SelectedCase; readonly why: string }[];
}

export interface ReplayRequest {
  readonly why: string;
  readonly force: boolean;
  readonly requestedBy: string;
  readonly now: Date;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const SWEEP_DAYS = 30;

/**
 * Pure. The failed step of each exception, once: the command's id names the exception, how often it was opened and how
 * often it was replayed since, so that the same request again, or another replica, makes the same command.
 */
export function planReplays(selected: readonly SelectedCase[], request: ReplayRequest): ReplayPlan {
  const replays: PlannedReplay[] = [];
  const left: { selected: SelectedCase; why: string }[] = [];
  for (const one of selected) {
    const repair = chooseRepair({ reason: one.reason, stage: one.stage, orderKey: one.order_key });
    const command = repair === null ? undefined : commandFor(one, repair, request);
    if (one.state === 'resolved') left.push({ selected: one, why: NOT_REPLAYED.over });
    else if (repair === null || command === undefined)
      left.push({ selected: one, why: NOT_REPLAYED.nothing });
    else if (one.replays > 0 && !request.force) left.push({ selected: one, why: NOT_REPLAYED.again });
    else replays.push({ selected: one, repair, command });
  }
  return { replays, left };
}

function commandFor(
  one: SelectedCase,
  repair: Repair,
  { why, requestedBy, now }: ReplayRequest,
): RepairCommand | undefined {
  return buildRepairCommand(
    {
      commandId: `${repair.what}:${one.id}:${one.occurrences}:${one.replays + 1}`,
      requestedBy,
      requestedAt: now.toISOString(),
      why,
    },
    {
      what: repair.what,
      stage: repair.stage,
      orderKey: one.order_key,
      marketplaceId: one.marketplace_id,
      ...sweepRange(one, now),
    },
  );
}

/** A sweep goes back to where the gap began, and at least a month: the missing order may be older than the count. */
function sweepRange({ since, about }: SelectedCase, now: Date): { from: string; to: string } {
  const day = /:day:(\d{4}-\d{2}-\d{2})$/.exec(about)?.[1];
  if (day !== undefined) return { from: `${day}T00:00:00.000Z`, to: `${day}T23:59:59.999Z` };
  const from = Math.min(since.getTime(), now.getTime()) - SWEEP_DAYS * DAY_MS;
  return { from: new Date(from).toISOString(), to: now.toISOString() };
}
