import type { Database } from '@watertight/postgres';
import { burstMs, type Pace } from './pace.ts';
import type { LimitedRoute } from './quotas.ts';

export interface TakenSlots {
  /** From now to the first slot's even place in the row, in milliseconds; 0 or less when the row is empty. */
  readonly firstPlaceInMs: number;
  /** Changes when Klaviyo asks to wait: slots of an earlier epoch are void. */
  readonly epoch: number;
}

/** One row per route, shared by all replicas; only the database's clock counts. */
export class LimiterStore {
  constructor(private readonly database: Database) {}

  async takeSlots(route: LimitedRoute, pace: Pace, count: number): Promise<TakenSlots> {
    const [row] = await this.database.query<{ first_place_in_ms: number; epoch: number }>(
      `insert into account_limit as l (route, next_at, minute, used)
       values ($1, clock_timestamp() + make_interval(secs => $2), date_trunc('minute', clock_timestamp()), $3)
       on conflict (route) do update
         set next_at = greatest(l.next_at, clock_timestamp()) + make_interval(secs => $2),
           minute = excluded.minute,
           used = case when l.minute = excluded.minute then l.used else 0 end + excluded.used,
           used_before = case when l.minute = excluded.minute then l.used_before
             when l.minute = excluded.minute - interval '1 minute' then l.used else 0 end
       returning (extract(epoch from l.next_at - clock_timestamp()) - $2)::float8 * 1000 as first_place_in_ms, epoch`,
      [route, (count * pace.intervalMs) / 1_000, count],
    );
    if (row === undefined) throw new Error(`no slots of ${route} came back`);
    return { firstPlaceInMs: row.first_place_in_ms, epoch: row.epoch };
  }

  async epochOf(route: LimitedRoute): Promise<number> {
    const [row] = await this.database.query<{ epoch: number }>(
      'select epoch from account_limit where route = $1',
      [route],
    );
    return row?.epoch ?? 0;
  }

  /** Nothing goes for `forMs`, and no burst right after it. Only the first to hear of it begins a new epoch. */
  async freeze(route: LimitedRoute, pace: Pace, forMs: number, heardInEpoch: number): Promise<void> {
    await this.database.execute(
      `update account_limit
       set next_at = greatest(next_at, clock_timestamp() + make_interval(secs => $2)), epoch = epoch + 1,
         frozen_until = greatest(frozen_until, clock_timestamp() + make_interval(secs => $4))
       where route = $1 and (epoch = $3 or next_at < clock_timestamp() + make_interval(secs => $2))`,
      [route, (forMs + burstMs(pace)) / 1_000, heardInEpoch, forMs / 1_000],
    );
  }
}
