import type { Queryable } from '@watertight/postgres';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Sweep, SweepRequest } from './plan-sweep.ts';

export interface SweepState {
  readonly sweptAt: Date;
  readonly underWay: Sweep | null;
}

const storedSweep = Compile(
  Type.Object({
    since: Type.String(),
    until: Type.String(),
    cursor: Type.Union([Type.String(), Type.Null()]),
    seen: Type.Integer(),
    attempt: Type.Integer(),
    countFrom: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    commandId: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  }),
);

/** A marketplace that was never swept counts as swept now: its history has just been read. */
export async function readSweep(database: Queryable, marketplaceId: string, now: Date): Promise<SweepState> {
  const [row] = await database.query<{ swept_at: Date; under_way: unknown }>(
    `insert into marketplace_sweep as t (marketplace_id, swept_at) values ($1, $2)
     on conflict (marketplace_id) do update set swept_at = t.swept_at
     returning swept_at, under_way`,
    [marketplaceId, now],
  );
  return { sweptAt: row?.swept_at ?? now, underWay: readUnderWay(row?.under_way ?? null) };
}

export async function saveSweep(database: Queryable, marketplaceId: string, sweep: Sweep): Promise<void> {
  await database.execute('update marketplace_sweep set under_way = $2::jsonb where marketplace_id = $1', [
    marketplaceId,
    JSON.stringify(sweep),
  ]);
}

/** Ends it: a daily one counts as the newest, one that was asked for is done with. */
export async function endSweep(
  database: Queryable,
  marketplaceId: string,
  { commandId }: Pick<Sweep, 'commandId'>,
  at: Date,
): Promise<void> {
  await database.execute(
    `update marketplace_sweep set under_way = null, swept_at = case when $3 then swept_at else $2 end
     where marketplace_id = $1`,
    [marketplaceId, at, commandId !== null],
  );
  if (commandId !== null) await forgetSweepRequest(database, commandId);
}

export async function noteSweepRequests(
  database: Queryable,
  requests: readonly (SweepRequest & { readonly marketplaceId: string; readonly requestedAt: Date })[],
): Promise<void> {
  for (const { commandId, marketplaceId, since, until, requestedAt } of requests) {
    await database.execute(
      `insert into sweep_request (command_id, marketplace_id, since, until, requested_at)
       values ($1, $2, $3, $4, $5) on conflict (command_id) do nothing`,
      [commandId, marketplaceId, since, until, requestedAt],
    );
  }
}

export async function readSweepRequest(
  database: Queryable,
  marketplaceId: string,
): Promise<SweepRequest | null> {
  const [row] = await database.query<{ command_id: string; since: Date; until: Date }>(
    `select command_id, since, until from sweep_request
     where marketplace_id = $1 order by requested_at limit 1`,
    [marketplaceId],
  );
  return row === undefined ? null : { commandId: row.command_id, since: row.since, until: row.until };
}

export async function forgetSweepRequest(database: Queryable, commandId: string): Promise<void> {
  await database.execute('delete from sweep_request where command_id = $1', [commandId]);
}

function readUnderWay(stored: unknown): Sweep | null {
  if (!storedSweep.Check(stored)) return null;
  const { countFrom = null, commandId = null } = stored;
  return {
    ...stored,
    since: new Date(stored.since),
    until: new Date(stored.until),
    countFrom: countFrom === null ? null : new Date(countFrom),
    commandId,
  };
}
