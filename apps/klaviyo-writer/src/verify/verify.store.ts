import type { Database } from '@watertight/postgres';

/** An accepted event that is due to be looked for. */
export interface DueLook {
  readonly metric: string;
  readonly uniqueId: string;
  readonly eventId: string;
  readonly occurredAt: Date;
  readonly acceptedAt: Date;
  /** Read-backs so far that did not find it. */
  readonly looks: number;
  /** How often it was sent again because it was not found. */
  readonly resends: number;
}

interface DueRow {
  readonly metric: string;
  readonly unique_id: string;
  readonly event_id: string;
  readonly occurred_at: Date;
  readonly accepted_at: Date;
  readonly looks: number;
  readonly resends: number;
}

type LedgerId = Pick<DueLook, 'metric' | 'uniqueId'>;

/** The part of the delivery ledger that verification works on. */
export class VerifyStore {
  constructor(private readonly database: Database) {}

  async due(now: Date, limit: number): Promise<readonly DueLook[]> {
    const rows = await this.database.query<DueRow>(
      `select metric, unique_id, event_id, occurred_at, accepted_at, looks, resends
       from delivery where look_at <= $1 order by look_at limit $2`,
      [now, limit],
    );
    return rows.map(({ metric, unique_id, event_id, occurred_at, accepted_at, looks, resends }) => ({
      metric,
      uniqueId: unique_id,
      eventId: event_id,
      occurredAt: occurred_at,
      acceptedAt: accepted_at,
      looks,
      resends,
    }));
  }

  /** Not found this time: look again later. */
  async lookAgain(events: readonly (LedgerId & { readonly lookAt: Date })[]): Promise<void> {
    if (events.length === 0) return;
    const rows = events.map(({ metric, uniqueId, lookAt }) => ({
      metric,
      unique_id: uniqueId,
      look_at: lookAt,
    }));
    await this.database.execute(
      `update delivery d set look_at = w.look_at, looks = d.looks + 1
       from json_to_recordset($1::json) as w (metric text, unique_id text, look_at timestamptz)
       where d.metric = w.metric and d.unique_id = w.unique_id and d.state = 'accepted'`,
      [JSON.stringify(rows)],
    );
  }

  /**
   * Notes that an event is about to be sent again, before it leaves: a crash in between must not make it a third time.
   * The deadline begins anew.
   */
  async markResent({ metric, uniqueId }: LedgerId, now: Date, lookAt: Date): Promise<void> {
    await this.database.execute(
      `update delivery set resends = resends + 1, accepted_at = $3, look_at = $4, looks = 0, route = 'single'
       where metric = $1 and unique_id = $2 and state = 'accepted'`,
      [metric, uniqueId, now, lookAt],
    );
  }

  /** It did not leave after all: the resend is still to come, at the next look. */
  async undoResent({ metric, uniqueId, acceptedAt }: DueLook, now: Date): Promise<void> {
    await this.database.execute(
      `update delivery set resends = resends - 1, accepted_at = $3, look_at = $4
       where metric = $1 and unique_id = $2 and state = 'accepted' and resends > 0`,
      [metric, uniqueId, acceptedAt, now],
    );
  }

  /** All Klaviyo events of an order, whatever the ledger says of them. */
  async ofOrder(
    orderKey: string,
  ): Promise<readonly Pick<DueLook, 'metric' | 'uniqueId' | 'eventId' | 'occurredAt'>[]> {
    const rows = await this.database.query<Pick<DueRow, 'metric' | 'unique_id' | 'event_id' | 'occurred_at'>>(
      `select metric, unique_id, d.event_id, occurred_at
       from delivery d join buyer_event e using (event_id) where e.order_key = $1`,
      [orderKey],
    );
    return rows.map(({ metric, unique_id, event_id, occurred_at }) => ({
      metric,
      uniqueId: unique_id,
      eventId: event_id,
      occurredAt: occurred_at,
    }));
  }

  /** How many accepted events wait to be looked for. */
  async backlog(now: Date): Promise<number> {
    const [row] = await this.database.query<{ due: number }>(
      'select count(*)::int as due from delivery where look_at <= $1',
      [now],
    );
    return row?.due ?? 0;
  }
}
