import { randomUUID } from 'node:crypto';
import type { AlertRoutePolicy, AlertsPolicy } from '@watertight/marketplaces';
import type { Leases } from '@watertight/postgres';
import type { Clock } from '@watertight/service';
import type { LaneLooker } from '../operations/lane-looker.ts';
import type { AlertMessage } from './alert-text.ts';
import type { AlertsStore, DeliveryRow } from './alerts.store.ts';
import { detectAlerts } from './detect-alerts.ts';
import { foldAlerts } from './fold-alerts.ts';
import { planMessages } from './plan-messages.ts';
import type { ReadSnapshot } from './read-snapshot.ts';
import { sendAlert, type SendResult } from './send-alert.ts';

const LEASE = 'alerts';
const ATTEMPTS_MAX = 6;
const FIRST_RETRY_MS = 30_000;

export interface WatchAlertsParts {
  readonly store: AlertsStore;
  readonly snapshots: Pick<ReadSnapshot, 'read'>;
  readonly lanes: Pick<LaneLooker, 'last'>;
  readonly leases: Pick<Leases, 'acquire'>;
  readonly clock: Clock;
  readonly send?: typeof sendAlert;
}

/**
 * Looks at everything, folds what is wrong into what was known, plans who is told, and tells them. One replica at a
 * time does it. Planning and queueing are one transaction; a message that cannot be delivered is tried again with
 * growing pauses, and shown when it failed for good.
 */
export class WatchAlerts {
  readonly #send: typeof sendAlert;

  constructor(
    private readonly parts: WatchAlertsParts,
    private readonly policy: AlertsPolicy,
  ) {
    this.#send = parts.send ?? sendAlert;
  }

  /** One look. Throws RetryableError while the database cannot do it. */
  async look(): Promise<void> {
    if (!(await this.parts.leases.acquire(LEASE))) return;
    await this.#plan();
    await this.deliver();
  }

  /** Tries every delivery that is due. */
  async deliver(): Promise<void> {
    for (const delivery of await this.parts.store.due(this.parts.clock.now())) await this.#try(delivery);
  }

  /** Sends a test over a route, at once and once; undefined when there is no such route. */
  async test(name: string): Promise<{ delivery: DeliveryRow; result: SendResult } | undefined> {
    const { store, clock } = this.parts;
    const route = this.policy.routes.find((one) => one.name === name);
    if (route === undefined) return undefined;
    const at = clock.now();
    const message: AlertMessage = { what: 'test', at: at.toISOString(), alerts: [] };
    const id = randomUUID();
    await store.transaction((transaction) =>
      store.queue(transaction, { id, route: name, kind: route.kind, message, at, isDue: false }),
    );
    const result = await this.#sendOver(route, { id, message });
    const state = result.ok ? 'delivered' : 'failed';
    const error = result.ok ? null : result.error;
    await store.note(id, { state, error, at: clock.now(), nextAttemptAt: null });
    const delivery: DeliveryRow = {
      id,
      route: name,
      kind: route.kind,
      what: 'test',
      causes: [],
      message,
      createdAt: at,
      attempts: 1,
      state,
      error,
      deliveredAt: result.ok ? clock.now() : null,
    };
    return { delivery, result };
  }

  async #plan(): Promise<void> {
    const { store, snapshots, lanes, clock } = this.parts;
    const snapshot = await snapshots.read();
    const detected = detectAlerts(snapshot, this.policy);
    // While the brokers cannot be asked, nobody knows whether a lag is over.
    const blind = new Set(lanes.last() === undefined ? ['lag', 'dead_letters'] : []);
    const now = clock.now();
    await store.transaction(async (transaction) => {
      const alerts = foldAlerts(await store.alerts(transaction, now), detected, now, blind);
      await store.keep(transaction, alerts, now);
      const told = await store.told(transaction);
      for (const planned of planMessages(alerts, this.policy.routes, told, now)) {
        const kind = this.policy.routes.find(({ name }) => name === planned.route)?.kind ?? 'webhook';
        const message = { what: planned.what, at: now.toISOString(), alerts: planned.alerts };
        await store.queue(transaction, {
          id: randomUUID(),
          route: planned.route,
          kind,
          message,
          at: now,
          isDue: true,
        });
        await store.noteTold(transaction, planned, now);
      }
    });
  }

  async #try(delivery: DeliveryRow): Promise<void> {
    const { store, clock } = this.parts;
    const route = this.policy.routes.find(({ name }) => name === delivery.route);
    const result: SendResult =
      route === undefined
        ? { ok: false, error: 'the route is no longer in marketplaces.yaml', again: false }
        : await this.#sendOver(route, delivery);
    const at = clock.now();
    if (result.ok) {
      await store.note(delivery.id, { state: 'delivered', error: null, at, nextAttemptAt: null });
      return;
    }
    const attempts = delivery.attempts + 1;
    const again = result.again && attempts < ATTEMPTS_MAX;
    await store.note(delivery.id, {
      state: again ? 'waiting' : 'failed',
      error: result.error,
      at,
      nextAttemptAt: again ? new Date(at.getTime() + FIRST_RETRY_MS * 2 ** delivery.attempts) : null,
    });
  }

  #sendOver(
    { target }: AlertRoutePolicy,
    { id, message }: Pick<DeliveryRow, 'id' | 'message'>,
  ): Promise<SendResult> {
    if (target === null) {
      return Promise.resolve({ ok: false, error: 'the route has no address here', again: false });
    }
    return this.#send(target, { id, message, now: this.parts.clock.now() });
  }
}
