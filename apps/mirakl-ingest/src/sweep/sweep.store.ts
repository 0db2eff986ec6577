import type { Queryable } from '@watertight/postgres';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Sweep } from './plan-sweep.ts';

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

export async function endSweep(database: Queryable, marketplaceId: string, at: Date): Promise<void> {
  await database.execute(
    'update marketplace_sweep set under_way = null, swept_at = $2 where marketplace_id = $1',
    [marketplaceId, at],
  );
}

function readUnderWay(stored: unknown): Sweep | null {
  if (!storedSweep.Check(stored)) return null;
  return { ...stored, since: new Date(stored.since), until: new Date(stored.until) };
}
