import type { Database, Transaction } from '@watertight/postgres';
import type { Clock } from '@watertight/service';
import type { Actor } from '../access/actor.ts';
import { writeAudit } from '../audit/audit.store.ts';
import { noteCommands } from '../commands/sent-command.store.ts';
import type { SendCommands } from '../commands/send-commands.ts';
import { badRequest, conflict, notFound } from '../http/api-error.ts';
import { type CaseChange, changeCases, lockSelected, noteReplayed, type SelectedCase } from './act.store.ts';
import { chooseCases, type CaseSelection } from './choose-cases.ts';
import type { BulkResult, BulkSelection, RepairPreview } from './exception-actions.api.ts';
import { moneyOf } from './money-of.ts';
import { NOT_REPLAYED, planReplays, type ReplayPlan } from './plan-replays.ts';

/** What is done to an exception, and in which states it can be. */
export interface Action {
  /** As in the history: `assigned`, `accepted` … */
  readonly what: string;
  readonly change: CaseChange;
  readonly why: string | null;
  readonly allowedIn: readonly string[];
  readonly detail?: Readonly<Record<string, unknown>>;
}

export interface ReplayAction {
  readonly why: string;
  readonly force: boolean;
}

/** One call changes at most so many; the rest is left for the next. */
export const BULK_MAX = 10_000;

/** Does what people ask for on the desk: in one transaction with its history and its place in the audit log. */
export class ActOnExceptions {
  constructor(
    private readonly database: Database,
    private readonly commands: SendCommands,
    private readonly clock: Clock,
  ) {}

  /** Throws ApiError: 404 for no such exception, 409 for a state in which this cannot be done. */
  async actOnOne(id: string, action: Action, actor: Actor): Promise<void> {
    await this.database.transaction(async (transaction) => {
      const [selected] = await lockSelected(transaction, byIds([id]), 1);
      if (selected === undefined)
        throw notFound(`There is no exception "${id}"; GET /api/v1/exceptions lists them`);
      if (!action.allowedIn.includes(selected.state)) {
        throw conflict('wrong_state', `It is ${selected.state}: this cannot be done now`);
      }
      await this.#apply(transaction, [id], action, actor, id);
    });
  }

  async actOnMany(selection: BulkSelection, action: Action, actor: Actor): Promise<BulkResult> {
    const { preview = false, expected } = selection;
    return this.database.transaction(async (transaction) => {
      const selected = await this.#select(transaction, selection, actor);
      const changed = selected.filter(({ state }) => action.allowedIn.includes(state));
      if (!preview) {
        refuseUnexpected(expected, changed.length);
        await this.#apply(
          transaction,
          changed.map(({ id }) => id),
          action,
          actor,
          null,
        );
      }
      const left = selected.length - changed.length;
      return {
        preview,
        selected: selected.length,
        changed: changed.length,
        commands: 0,
        left: left === 0 ? [] : [{ why: 'its state does not allow it', exceptions: left }],
        groups: groupsOf(changed),
      };
    });
  }

  /** Throws ApiError: 404 for no such exception, 409 when it was replayed already or nothing can be run. */
  async replayOne(
    id: string,
    { preview, ...action }: ReplayAction & { readonly preview: boolean },
    actor: Actor,
  ): Promise<RepairPreview> {
    const { answer, plan } = await this.database.transaction(async (transaction) => {
      const selected = await lockSelected(transaction, byIds([id]), 1);
      if (selected.length === 0)
        throw notFound(`There is no exception "${id}"; GET /api/v1/exceptions lists them`);
      const planned = this.#plan(selected, action, actor);
      const refusal = planned.left[0]?.why;
      if (!preview && refusal !== undefined) throw conflict(codeOf(refusal), sentence(refusal));
      if (!preview) await this.#noteReplays(transaction, planned, action, actor, id);
      return { answer: previewOf(selected[0], planned, preview), plan: planned };
    });
    if (!preview) await this.commands.send(plan.replays.map(({ command }) => command));
    return answer;
  }

  async replayMany(selection: BulkSelection, action: ReplayAction, actor: Actor): Promise<BulkResult> {
    const { preview = false, expected } = selection;
    const { result, plan } = await this.database.transaction(async (transaction) => {
      const selected = await this.#select(transaction, selection, actor);
      const planned = this.#plan(selected, action, actor);
      const changed = planned.replays.map(({ selected: one }) => one);
      if (!preview) {
        refuseUnexpected(expected, changed.length);
        await this.#noteReplays(transaction, planned, action, actor, null);
      }
      const result: BulkResult = {
        preview,
        selected: selected.length,
        changed: changed.length,
        commands: changed.length,
        left: countsOf(planned.left.map(({ why }) => why)),
        groups: groupsOf(changed),
      };
      return { result, plan: planned };
    });
    if (!preview) await this.commands.send(plan.replays.map(({ command }) => command));
    return result;
  }

  #plan(selected: readonly SelectedCase[], { why, force }: ReplayAction, actor: Actor): ReplayPlan {
    return planReplays(selected, { why, force, requestedBy: actor.subject, now: this.clock.now() });
  }

  async #select(
    transaction: Transaction,
    { filter, ids }: BulkSelection,
    actor: Actor,
  ): Promise<SelectedCase[]> {
    if ((filter === undefined) === (ids === undefined)) throw badRequest('Give either filter or ids');
    const now = this.clock.now();
    const selection = ids === undefined ? chooseCases(filter ?? {}, actor.subject, now) : byIds(ids);
    return lockSelected(transaction, selection, BULK_MAX);
  }

  async #apply(
    transaction: Transaction,
    ids: readonly string[],
    { what, change, why, detail = {} }: Action,
    actor: Actor,
    about: string | null,
  ): Promise<void> {
    if (ids.length === 0) return;
    const now = this.clock.now();
    await changeCases(transaction, ids, change, { actor: actor.subject, at: now, what, why });
    const entry = { action: `exception.${what}`, about, why, detail: { ...detail, exceptions: ids.length } };
    await writeAudit(transaction, actor, now, entry);
  }

  async #noteReplays(
    transaction: Transaction,
    { replays }: ReplayPlan,
    { why, force }: ReplayAction,
    actor: Actor,
    about: string | null,
  ): Promise<void> {
    if (replays.length === 0) return;
    const now = this.clock.now();
    await noteCommands(
      transaction,
      replays.map(({ command }) => command),
    );
    await noteReplayed(
      transaction,
      replays.map(({ selected, repair }) => ({ id: selected.id, what: repair.what })),
      { actor: actor.subject, at: now, why },
    );
    const kinds = countsOf(replays.map(({ repair }) => repair.what));
    const detail = {
      forced: force,
      commands: Object.fromEntries(kinds.map(({ why: what, exceptions }) => [what, exceptions])),
    };
    await writeAudit(transaction, actor, now, { action: 'exception.replayed', about, why, detail });
  }
}

function byIds(ids: readonly string[]): CaseSelection {
  return { where: 'c.id = any($1::text[])', parameters: [ids] };
}

function refuseUnexpected(expected: number | undefined, changed: number): void {
  if (expected === undefined || expected === changed) return;
  throw conflict('changed', `It would be ${changed} by now, not ${expected}: look at the preview again`);
}

function previewOf(one: SelectedCase | undefined, plan: ReplayPlan, preview: boolean): RepairPreview {
  const [planned] = plan.replays;
  const refusal = plan.left[0]?.why;
  return {
    preview,
    what: planned?.repair.what ?? null,
    stage: planned?.repair.stage ?? null,
    sentence: planned?.repair.sentence ?? sentence(refusal ?? NOT_REPLAYED.nothing),
    alreadyReplayedAt: one !== undefined && one.replays > 0 ? (one.replayed_at?.toISOString() ?? null) : null,
    commandId: preview ? null : (planned?.command.commandId ?? null),
  };
}

function codeOf(refusal: string): string {
  return refusal === NOT_REPLAYED.again ? 'already_replayed' : 'nothing_to_replay';
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

function countsOf(reasons: readonly string[]): { why: string; exceptions: number }[] {
  const counts = new Map<string, number>();
  for (const why of reasons) counts.set(why, (counts.get(why) ?? 0) + 1);
  return [...counts].map(([why, exceptions]) => ({ why, exceptions }));
}

function groupsOf(selected: readonly SelectedCase[]): BulkResult['groups'] {
  const groups = new Map<string, SelectedCase[]>();
  for (const one of selected) {
    const key = `${one.reason}\n${one.marketplace_id ?? ''}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()].map((group) => {
    return {
      reason: group[0]?.reason ?? '',
      marketplaceId: group[0]?.marketplace_id ?? null,
      exceptions: group.length,
      orders: ordersOf(group),
      money: moneyOf(group.map(({ currency, amount_minor: minor }) => ({ currency, minor: minor ?? '0' }))),
      unknownMoney: ordersOf(group.filter((one) => one.amount_minor === null)),
    };
  });
}

function ordersOf(selected: readonly SelectedCase[]): number {
  return selected.reduce((sum, { orders }) => sum + orders, 0);
}
