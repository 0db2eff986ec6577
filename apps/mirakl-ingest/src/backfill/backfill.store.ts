import { BACKFILL_STATES, type BackfillState } from '@watertight/contracts';
import type { Queryable } from '@watertight/postgres';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { type Advance, type Backfill, NOT_BEGUN } from './backfill.ts';

interface BackfillRow {
  readonly backfill_id: string;
  readonly marketplace_id: string;
  readonly since: Date;
  readonly until: Date;
  readonly dry_run: boolean;
  readonly requested_by: string;
  readonly state: string;
  readonly progress: unknown;
  readonly detail: string | null;
}

const COLUMNS = 'backfill_id, marketplace_id, since, until, dry_run, requested_by, state, progress, detail';

const Tally = Type.Object({
  seen: Type.Integer(),
  published: Type.Integer(),
  money: Type.Record(Type.String(), Type.Integer()),
  events: Type.Integer(),
});
const storedAdvance = Compile(
  Type.Object({
    startedAt: Type.Union([Type.String(), Type.Null()]),
    ordersTotal: Type.Union([Type.Integer(), Type.Null()]),
    slice: Type.Integer(),
    position: Type.Object({
      route: Type.Union([Type.Literal('export'), Type.Literal('listing')]),
      trackingId: Type.Union([Type.String(), Type.Null()]),
      file: Type.Integer(),
      done: Type.Integer(),
      cursor: Type.Union([Type.String(), Type.Null()]),
    }),
    tally: Tally,
    tallyAtSlice: Tally,
  }),
);

export type BackfillRequest = Pick<
  Backfill,
  'backfillId' | 'marketplaceId' | 'since' | 'until' | 'dryRun' | 'requestedBy'
> & { readonly requestedAt: Date };

/** Notes them for the replica that polls their marketplace. A command that arrives again changes nothing. */
export async function noteBackfills(
  database: Queryable,
  requests: readonly BackfillRequest[],
): Promise<void> {
  for (const one of requests) {
    await database.execute(
      `insert into backfill (backfill_id, marketplace_id, since, until, dry_run, requested_by, requested_at, state)
       values ($1, $2, $3, $4, $5, $6, $7, 'queued') on conflict (backfill_id) do nothing`,
      [one.backfillId, one.marketplaceId, one.since, one.until, one.dryRun, one.requestedBy, one.requestedAt],
    );
  }
}

/** What a person told a backfill to do. One that has ended stays as it is. */
export async function controlBackfill(
  database: Queryable,
  marketplaceId: string,
  backfillId: string,
  action: 'pause' | 'resume' | 'cancel',
): Promise<void> {
  const { to, from } = {
    pause: { to: 'paused', from: ['queued', 'running', 'waiting'] },
    resume: { to: 'queued', from: ['paused'] },
    cancel: { to: 'cancelled', from: ['queued', 'running', 'waiting', 'paused'] },
  }[action];
  await database.execute(
    `update backfill set state = $3, detail = null
     where backfill_id = $1 and marketplace_id = $2 and state = any($4::text[])`,
    [backfillId, marketplaceId, to, from],
  );
}

/** The oldest that has something to do; those that were paused wait. */
export async function nextBackfill(database: Queryable, marketplaceId: string): Promise<Backfill | null> {
  const [row] = await database.query<BackfillRow>(
    `select ${COLUMNS} from backfill
     where marketplace_id = $1 and state in ('queued', 'running', 'waiting')
     order by requested_at, backfill_id limit 1`,
    [marketplaceId],
  );
  return row === undefined ? null : backfillOf(row);
}

/** What has been told of a backfill, in short: its state, and what it waits for. */
const TOLD = `state || ' ' || coalesce(detail, '')`;

/** Those whose state nobody has been told of yet. */
export async function readUntold(database: Queryable, marketplaceId: string): Promise<readonly Backfill[]> {
  const rows = await database.query<BackfillRow>(
    `select ${COLUMNS} from backfill
     where marketplace_id = $1 and told is distinct from ${TOLD} order by requested_at, backfill_id`,
    [marketplaceId],
  );
  return rows.map(backfillOf);
}

export async function markTold(
  database: Queryable,
  { backfillId, state, detail }: Pick<Backfill, 'backfillId' | 'state' | 'detail'>,
): Promise<void> {
  await database.execute('update backfill set told = $2 where backfill_id = $1', [
    backfillId,
    `${state} ${detail ?? ''}`,
  ]);
}

export async function readBackfillState(
  database: Queryable,
  backfillId: string,
): Promise<BackfillState | null> {
  const [row] = await database.query<{ state: string }>('select state from backfill where backfill_id = $1', [
    backfillId,
  ]);
  return row === undefined ? null : stateOf(row.state);
}

/** Moves on a backfill that nobody paused or cancelled meanwhile; false when somebody did. */
export async function moveBackfill(
  database: Queryable,
  backfillId: string,
  to: { readonly state: 'running' | 'waiting' | 'done' | 'failed'; readonly detail: string | null },
): Promise<boolean> {
  const moved = await database.execute(
    `update backfill set state = $2, detail = $3
     where backfill_id = $1 and state in ('queued', 'running', 'waiting')`,
    [backfillId, to.state, to.detail?.slice(0, 2_000) ?? null],
  );
  return moved === 1;
}

export async function saveAdvance(database: Queryable, backfillId: string, advance: Advance): Promise<void> {
  await database.execute('update backfill set progress = $2::jsonb where backfill_id = $1', [
    backfillId,
    JSON.stringify(advance),
  ]);
}

function backfillOf(row: BackfillRow): Backfill {
  return {
    backfillId: row.backfill_id,
    marketplaceId: row.marketplace_id,
    since: row.since,
    until: row.until,
    dryRun: row.dry_run,
    requestedBy: row.requested_by,
    state: stateOf(row.state),
    advance: advanceOf(row.progress),
    detail: row.detail,
  };
}

function advanceOf(stored: unknown): Advance {
  // A form that an earlier version wrote is not worth more than beginning again: what was captured is not published twice.
  if (!storedAdvance.Check(stored)) return NOT_BEGUN;
  return { ...stored, startedAt: stored.startedAt === null ? null : new Date(stored.startedAt) };
}

function stateOf(text: string): BackfillState {
  const state = BACKFILL_STATES.find((one) => one === text);
  if (state === undefined) throw new Error(`a backfill is in the state "${text}"`);
  return state;
}
