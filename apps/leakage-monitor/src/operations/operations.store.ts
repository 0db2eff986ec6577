import type { BackfillProgress, DeliveryState, MetricCount } from '@watertight/contracts';
import type { Database, Queryable } from '@watertight/postgres';

export interface MinuteCount {
  readonly minute: Date;
  readonly captured: number;
  readonly verified: number;
}

const METRIC_COUNTS_MAX = 200;
const BACKFILLS_MAX = 100;

/** Reads what the stages say of themselves. */
export class OperationsStore {
  constructor(private readonly database: Database) {}

  async deliveryStates(): Promise<{ replica: string; body: DeliveryState }[]> {
    return this.database.query(
      `select replace(subject, 'delivery_state:', '') as replica, body from stage_word
       where kind = 'delivery_state' and at > now() - interval '1 day' order by subject`,
    );
  }

  async backfills(): Promise<BackfillProgress[]> {
    const rows = await this.database.query<{ body: BackfillProgress }>(
      `select body from stage_word where kind = 'backfill' order by at desc, subject limit ${BACKFILLS_MAX}`,
    );
    return rows.map(({ body }) => body);
  }

  async metricCounts(): Promise<MetricCount[]> {
    const rows = await this.database.query<{ body: MetricCount }>(
      `select body from stage_word where kind = 'metric_count'
       order by body ->> 'day' desc, body ->> 'metric' limit ${METRIC_COUNTS_MAX}`,
    );
    return rows.map(({ body }) => body);
  }

  /** How many words were said in each minute of the last hour: orders captured, events verified. */
  async throughput(now: Date): Promise<MinuteCount[]> {
    return this.database.query<MinuteCount>(
      `select minute, sum(captured)::integer as captured, sum(verified)::integer as verified
       from (
         select date_trunc('minute', at) as minute, count(*) as captured, 0 as verified from timeline_entry
         where entry ->> 'what' = 'order' and at > $1::timestamptz - interval '1 hour' and at <= $1::timestamptz
         group by 1
         union all
         select date_trunc('minute', at), 0, count(*) from timeline_entry
         where entry ->> 'what' = 'verified' and at > $1::timestamptz - interval '1 hour' and at <= $1::timestamptz
         group by 1
       ) as words
       group by minute order by minute`,
      [now.toISOString()],
    );
  }
}

export interface LetterKey {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

/** Keeps which dead letters were put back, by whom and why. */
export class ReplaysStore {
  constructor(private readonly database: Database) {}

  transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  /** When each was last put back, by `<topic>/<partition>/<offset>`. */
  async replayedAt(topics: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.database.query<LetterKey & { at: Date }>(
      `select topic, partition, letter_offset::text as "offset", max(replayed_at) as at from dead_letter_replay
       where topic = any($1::text[]) group by 1, 2, 3`,
      [topics],
    );
    return new Map(rows.map((row) => [placeOf(row), row.at.toISOString()]));
  }

  async note(
    target: Queryable,
    letters: readonly LetterKey[],
    { by, at, why }: { readonly by: string; readonly at: Date; readonly why: string },
  ): Promise<void> {
    await target.execute(
      `insert into dead_letter_replay (topic, partition, letter_offset, replayed_by, replayed_at, why)
       select topic, partition, "offset", $2, $3, $4
       from json_to_recordset($1::json) as r (topic text, partition integer, "offset" bigint)
       on conflict do nothing`,
      [JSON.stringify(letters), by, at.toISOString(), why],
    );
  }
}

export function placeOf({ topic, partition, offset }: LetterKey): string {
  return `${topic}/${partition}/${offset}`;
}
