import type { AlertRoutePolicy, QuietHours } from '@watertight/marketplaces';
import { DateTime } from 'luxon';
import type { KeptAlert } from './fold-alerts.ts';

/** What a route was last told of a cause. */
export interface Told {
  readonly cause: string;
  readonly route: string;
  readonly what: 'alert' | 'recovery';
  readonly toldAt: string;
}

/** One message of a route: several causes together, so that one outage is one message. */
export interface PlannedMessage {
  readonly route: string;
  readonly what: 'alert' | 'reminder' | 'recovery';
  readonly alerts: readonly KeptAlert[];
}

/**
 * Who is to be told what now. Pure. A cause is told once when it begins, again after `repeatEvery` while it lasts, and
 * once when it is over, but only to those who were told that it began. During quiet hours nobody is told anything but
 * what is of high severity; what still holds when they end is told then.
 */
export function planMessages(
  alerts: readonly KeptAlert[],
  routes: readonly AlertRoutePolicy[],
  told: readonly Told[],
  now: Date,
): PlannedMessage[] {
  return routes.flatMap((route) => {
    const lastTold = new Map(told.filter((one) => one.route === route.name).map((one) => [one.cause, one]));
    const quiet = route.quietHours !== null && isQuiet(route.quietHours, now);
    const due = alerts
      .filter((alert) => isFor(route, alert))
      .filter((alert) => !quiet || (alert.severity === 'high' && alert.state === 'firing'))
      .flatMap((alert) => {
        const what = whatToSay(alert, lastTold.get(alert.cause), route.repeatEveryMs, now);
        return what === null ? [] : [{ what, alert }];
      });
    return (['alert', 'reminder', 'recovery'] as const).flatMap((what) => {
      const own = due.filter((one) => one.what === what).map(({ alert }) => alert);
      return own.length === 0 ? [] : [{ route: route.name, what, alerts: own }];
    });
  });
}

function isFor(route: AlertRoutePolicy, { rule, owner, marketplaceId }: KeptAlert): boolean {
  return (
    route.rules.includes(rule) &&
    (route.owners.length === 0 || route.owners.includes(owner)) &&
    (route.marketplaces.length === 0 ||
      (marketplaceId !== null && route.marketplaces.includes(marketplaceId)))
  );
}

function whatToSay(
  alert: KeptAlert,
  last: Told | undefined,
  repeatEveryMs: number,
  now: Date,
): PlannedMessage['what'] | null {
  if (alert.state === 'recovered') return last?.what === 'alert' ? 'recovery' : null;
  if (last === undefined || last.what === 'recovery') {
    // A cause that flaps is told at most once in the interval; the page shows it all the same.
    const early = last !== undefined && now.getTime() - Date.parse(last.toldAt) < MIN_PAUSE_MS;
    return early ? null : 'alert';
  }
  return now.getTime() - Date.parse(last.toldAt) >= repeatEveryMs ? 'reminder' : null;
}

/** At most one alert per cause in this time, however often it comes and goes. */
export const MIN_PAUSE_MS = 10 * 60_000;

/** Hours that end before they begin go over midnight. Pure. */
export function isQuiet({ from, to, timezone }: QuietHours, now: Date): boolean {
  const time = DateTime.fromJSDate(now, { zone: timezone }).toFormat('HH:mm');
  return from <= to ? time >= from && time < to : time >= from || time < to;
}
