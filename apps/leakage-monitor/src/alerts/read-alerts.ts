import type { AlertRoutePolicy, AlertsPolicy } from '@watertight/marketplaces';
import type { Clock } from '@watertight/service';
import { notFound } from '../http/api-error.ts';
import type { AlertDelivery, AlertRoute, Alerts } from './alerts.api.ts';
import type { AlertsStore, DeliveryRow } from './alerts.store.ts';
import type { WatchAlerts } from './watch-alerts.ts';

const DELIVERIES = 100;

/** What is firing, where alerts go, and what could not be delivered. */
export class ReadAlerts {
  constructor(
    private readonly store: AlertsStore,
    private readonly watch: WatchAlerts,
    private readonly policy: AlertsPolicy,
    private readonly clock: Clock,
  ) {}

  async read(): Promise<Alerts> {
    const now = this.clock.now();
    const [{ alerts, told }, deliveries, routes, lastRun] = await Promise.all([
      this.store.transaction(async (transaction) => ({
        alerts: await this.store.alerts(transaction, now),
        told: await this.store.told(transaction),
      })),
      this.store.newest(DELIVERIES),
      this.store.routes(),
      this.store.lastRun(),
    ]);
    return {
      asOf: lastRun?.toISOString() ?? null,
      alerts: alerts.map((alert) => ({
        ...alert,
        lastToldAt:
          told
            .filter(({ cause }) => cause === alert.cause)
            .map(({ toldAt }) => toldAt)
            .sort()
            .at(-1) ?? null,
      })),
      routes: this.policy.routes.map((route) => {
        const known = routes.find((one) => one.route === route.name);
        return routeOf(route, known?.failing ?? false, known?.lastDeliveredAt ?? null);
      }),
      deliveries: deliveries.map(deliveryOf),
    };
  }

  /** Throws ApiError (404) for a route that is not in marketplaces.yaml. */
  async test(name: string): Promise<AlertDelivery> {
    const tested = await this.watch.test(name);
    if (tested === undefined)
      throw notFound(`There is no alert route "${name}"; routes are those of marketplaces.yaml`);
    return deliveryOf(tested.delivery);
  }
}

function routeOf(route: AlertRoutePolicy, failing: boolean, lastDeliveredAt: Date | null): AlertRoute {
  const { name, kind, rules, owners, quietHours } = route;
  return {
    name,
    kind,
    target: targetName(route),
    rules: [...rules],
    owners: [...owners],
    quietHours: quietHours === null ? null : `${quietHours.from}-${quietHours.to} ${quietHours.timezone}`,
    failing,
    lastDeliveredAt: lastDeliveredAt?.toISOString() ?? null,
  };
}

/** Where it goes, without the part of the address that is a secret. */
function targetName({ target }: AlertRoutePolicy): string {
  if (target === null) return 'not set';
  if (target.kind !== 'mail') return new URL(target.url).hostname;
  return [...new Set(target.to.map((address) => address.split('@').at(-1) ?? ''))].join(', ');
}

function deliveryOf(row: DeliveryRow): AlertDelivery {
  const kind = row.kind === 'slack' || row.kind === 'mail' ? row.kind : 'webhook';
  return {
    id: row.id,
    route: row.route,
    kind,
    what: row.what,
    causes: [...row.causes],
    at: row.createdAt.toISOString(),
    attempts: row.attempts,
    state: row.state,
    error: row.error,
    deliveredAt: row.deliveredAt?.toISOString() ?? null,
  };
}
