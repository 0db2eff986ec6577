import { randomUUID } from 'node:crypto';
import type { BackfillProgress } from '@watertight/contracts';
import type { Clock } from '@watertight/service';
import type { Actor } from '../access/actor.ts';
import type { AskServices } from '../commands/ask-services.ts';
import type { KnownMarketplaces } from '../commands/known-marketplaces.ts';
import { badRequest, conflict, notFound } from '../http/api-error.ts';
import { readRange } from '../http/read-range.ts';
import type { Backfill, BackfillRequest, Backfills, BackfillStarted } from './backfills.api.ts';
import type { AskedBackfill, BackfillsStore } from './backfills.store.ts';

type BackfillAction = Backfill['actions'][number];

/** In which states each action makes sense. */
const ACTIONS: Readonly<Record<Backfill['state'], readonly BackfillAction[]>> = {
  requested: ['cancel'],
  queued: ['pause', 'cancel'],
  running: ['pause', 'cancel'],
  waiting: ['pause', 'cancel'],
  paused: ['resume', 'cancel'],
  done: [],
  cancelled: [],
  failed: [],
};

/** Asks mirakl-ingest for history and shows how far it has come. */
export class RunBackfills {
  constructor(
    private readonly store: BackfillsStore,
    private readonly services: AskServices,
    private readonly marketplaces: KnownMarketplaces,
    private readonly clock: Clock,
  ) {}

  /** Throws ApiError: 404 for an unknown marketplace, 400 for a range that cannot be or lies ahead. */
  async start(request: BackfillRequest, actor: Actor): Promise<BackfillStarted> {
    const {
      marketplaceId,
      dryRun,
      why = dryRun ? 'count what a backfill would be' : 'load history',
    } = request;
    this.marketplaces.find(marketplaceId);
    const now = this.clock.now().toISOString();
    const range = readRange(request);
    if (range.from === null || range.from >= now) throw badRequest('from must lie in the past');
    const to = range.to === null || range.to > now ? now : range.to;
    const backfillId = `backfill:${randomUUID()}`;
    const command = {
      ...this.services.asked(actor, why),
      commandId: backfillId,
      type: 'backfill' as const,
      marketplaceId,
      from: range.from,
      to,
      dryRun,
    };
    const detail = { backfillId, from: range.from, to, dryRun };
    await this.services.ask([command], actor, { action: 'backfill.sent', about: marketplaceId, why, detail });
    return { backfillId };
  }

  async list(): Promise<Backfills> {
    const [progress, unanswered] = await Promise.all([this.store.progress(), this.store.unanswered()]);
    const backfills = [...unanswered.map(requested), ...progress.map(described)];
    return {
      asOf: this.clock.now().toISOString(),
      backfills: backfills.sort((one, other) => other.at.localeCompare(one.at)),
    };
  }

  /** Throws ApiError: 404 for no such backfill, 409 for a state in which this cannot be done. */
  async control(
    id: string,
    action: BackfillAction,
    why: string | undefined,
    actor: Actor,
  ): Promise<BackfillStarted> {
    const { backfills } = await this.list();
    const backfill = backfills.find(({ backfillId }) => backfillId === id);
    if (backfill === undefined)
      throw notFound(`There is no backfill "${id}"; GET /api/v1/backfills lists them`);
    if (!backfill.actions.includes(action)) {
      throw conflict('wrong_state', `It is ${backfill.state}: this cannot be done now`);
    }
    const { marketplaceId } = backfill;
    const command = {
      ...this.services.asked(actor, why ?? action),
      type: 'backfill_control' as const,
      marketplaceId,
      backfillId: id,
      action,
    };
    const entry = {
      action: `backfill.${action}`,
      about: marketplaceId,
      why: why ?? null,
      detail: { backfillId: id },
    };
    await this.services.ask([command], actor, entry);
    return { backfillId: id };
  }
}

function described({ kind: _kind, outcomeId: _id, ...progress }: BackfillProgress): Backfill {
  return { ...progress, actions: [...ACTIONS[progress.state]] };
}

function requested(command: AskedBackfill['command']): Backfill {
  const { commandId, marketplaceId, dryRun, from, to, requestedBy, requestedAt } = command;
  return {
    backfillId: commandId,
    marketplaceId,
    state: 'requested',
    dryRun,
    from,
    to,
    requestedBy,
    at: requestedAt,
    startedAt: null,
    ordersTotal: null,
    ordersSeen: 0,
    ordersPublished: 0,
    money: [],
    klaviyoSeconds: null,
    finishesAt: null,
    route: null,
    detail: null,
    actions: [...ACTIONS.requested],
  };
}
