import type { Database, Queryable } from '@watertight/postgres';
import type { AlertMessage } from './alert-text.ts';
import type { KeptAlert } from './fold-alerts.ts';
import type { PlannedMessage, Told } from './plan-messages.ts';

export interface DeliveryRow {
  readonly id: string;
  readonly route: string;
  readonly kind: string;
  readonly what: AlertMessage['what'];
  readonly causes: readonly string[];
  readonly message: AlertMessage;
  readonly createdAt: Date;
  readonly attempts: number;
  readonly state: 'waiting' | 'delivered' | 'failed';
  readonly error: string | null;
  readonly deliveredAt: Date | null;
}

export interface NewDelivery {
  readonly id: string;
  readonly route: string;
  readonly kind: string;
  readonly message: AlertMessage;
  readonly at: Date;
  /** False for what its caller sends itself. */
  readonly isDue: boolean;
}

const DELIVERY = `id, route, kind, what, causes, message, created_at as "createdAt", attempts, state, error,
  delivered_at as "deliveredAt"`;
const KEPT_DAYS = 14;
const DUE_MAX = 50;

/** Keeps alerts, who was told of them, and what came of telling. */
export class AlertsStore {
  constructor(private readonly database: Database) {}

  transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  /** Those that fire, and those that were over in the last 14 days. */
  async alerts(target: Queryable, now: Date): Promise<KeptAlert[]> {
    const rows = await target.query<{ alert: KeptAlert }>(
      `select alert from alert where firing or recovered_at > $1::timestamptz - interval '${KEPT_DAYS} days'
       order by firing desc, since desc`,
      [now.toISOString()],
    );
    return rows.map(({ alert }) => alert);
  }

  async keep(target: Queryable, alerts: readonly KeptAlert[], now: Date): Promise<void> {
    await target.execute(
      `insert into alert as t (cause, alert, firing, since, recovered_at)
       select a ->> 'cause', a, a ->> 'state' = 'firing', (a ->> 'since')::timestamptz,
              (a ->> 'recoveredAt')::timestamptz
       from jsonb_array_elements($1::jsonb) as a order by 1
       on conflict (cause) do update set alert = excluded.alert, firing = excluded.firing, since = excluded.since,
         recovered_at = excluded.recovered_at
       where t.alert is distinct from excluded.alert`,
      [JSON.stringify(alerts)],
    );
    await target.execute(
      `insert into alert_run (id, at) values (1, $1) on conflict (id) do update set at = excluded.at`,
      [now.toISOString()],
    );
  }

  async lastRun(): Promise<Date | null> {
    const [row] = await this.database.query<{ at: Date }>(`select at from alert_run where id = 1`);
    return row?.at ?? null;
  }

  async told(target: Queryable): Promise<Told[]> {
    const rows = await target.query<Omit<Told, 'toldAt'> & { toldAt: Date }>(
      `select cause, route, what, told_at as "toldAt" from alert_told`,
    );
    return rows.map((row) => ({ ...row, toldAt: row.toldAt.toISOString() }));
  }

  /** Part of the transaction that queues the message: nobody is told twice because of a crash in between. */
  async noteTold(target: Queryable, { route, what, alerts }: PlannedMessage, now: Date): Promise<void> {
    await target.execute(
      `insert into alert_told (cause, route, what, told_at) select cause, $2, $3, $4 from unnest($1::text[]) as cause
       on conflict (cause, route) do update set what = excluded.what, told_at = excluded.told_at`,
      [
        alerts.map(({ cause }) => cause),
        route,
        what === 'recovery' ? 'recovery' : 'alert',
        now.toISOString(),
      ],
    );
  }

  async queue(target: Queryable, { id, route, kind, message, at, isDue }: NewDelivery): Promise<void> {
    await target.execute(
      `insert into alert_delivery (id, route, kind, what, causes, message, created_at, next_attempt_at, state)
       values ($1, $2, $3, $4, $5::text[], $6, $7, case when $8 then $7::timestamptz end, 'waiting')`,
      [
        id,
        route,
        kind,
        message.what,
        message.alerts.map(({ cause }) => cause),
        JSON.stringify(message),
        at.toISOString(),
        isDue,
      ],
    );
  }

  async due(now: Date): Promise<DeliveryRow[]> {
    return this.database.query<DeliveryRow>(
      `select ${DELIVERY} from alert_delivery where state = 'waiting' and next_attempt_at <= $1
       order by next_attempt_at, id limit ${DUE_MAX}`,
      [now.toISOString()],
    );
  }

  /** `nextAttemptAt` only for a delivery that is to be tried again. */
  async note(
    id: string,
    result: {
      readonly state: DeliveryRow['state'];
      readonly error: string | null;
      readonly at: Date;
      readonly nextAttemptAt: Date | null;
    },
  ): Promise<void> {
    await this.database.execute(
      `update alert_delivery set attempts = attempts + 1, state = $2, error = $3, next_attempt_at = $4,
         delivered_at = case when $2 = 'delivered' then $5::timestamptz end
       where id = $1`,
      [id, result.state, result.error, result.nextAttemptAt?.toISOString() ?? null, result.at.toISOString()],
    );
  }

  async newest(limit: number): Promise<DeliveryRow[]> {
    return this.database.query<DeliveryRow>(
      `select ${DELIVERY} from alert_delivery order by created_at desc, id limit ${limit}`,
    );
  }

  /** The last delivery of each route that ended, and when one was last taken. */
  async routes(): Promise<{ route: string; failing: boolean; lastDeliveredAt: Date | null }[]> {
    return this.database.query(
      `select route, (array_agg(state order by created_at desc, id))[1] = 'failed' as failing,
              max(delivered_at) as "lastDeliveredAt"
       from alert_delivery where state <> 'waiting' group by route`,
    );
  }
}
