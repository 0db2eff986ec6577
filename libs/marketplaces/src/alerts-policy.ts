import type { AlertRule, AlertsEntry } from './alerts-schema.ts';
import { parseDuration } from './duration.ts';
import { isLoopback } from './loopback.ts';
import { isTimeZone } from './time-zone.ts';

/** Where alerts go. Addresses and secrets are never logged or shown. */
export type AlertTarget =
  | { readonly kind: 'slack'; readonly url: string }
  | { readonly kind: 'webhook'; readonly url: string; readonly secret: string }
  | { readonly kind: 'mail'; readonly smtp: string; readonly from: string; readonly to: readonly string[] };

export interface QuietHours {
  /** `22:00` */
  readonly from: string;
  readonly to: string;
  readonly timezone: string;
}

export interface AlertRoutePolicy {
  readonly name: string;
  /** Null in services that were not given the secret: only leakage-monitor sends alerts. */
  readonly target: AlertTarget | null;
  readonly kind: AlertTarget['kind'];
  readonly rules: readonly AlertRule[];
  /** Empty is all. */
  readonly owners: readonly ('marketing' | 'operations' | 'platform')[];
  /** Empty is all. */
  readonly marketplaces: readonly string[];
  readonly quietHours: QuietHours | null;
  readonly repeatEveryMs: number;
}

export interface AlertsPolicy {
  readonly routes: readonly AlertRoutePolicy[];
  readonly moneyAtRisk: { readonly share: number; readonly orders: number };
  readonly lagSeconds: number;
  readonly quotaShare: number;
  readonly deadLetters: number;
  readonly contactDrop: number;
}

type RouteEntry = AlertsEntry['routes'][number];

export function toAlerts({ routes, ...thresholds }: AlertsEntry): AlertsPolicy {
  return { ...thresholds, routes: routes.map(toRoute) };
}

function toRoute(route: RouteEntry): AlertRoutePolicy {
  const { name, rules, owners, marketplaces, quietHours } = route;
  const target = targetOf(route);
  return {
    name,
    kind: target?.kind ?? kindOf(route),
    target,
    rules,
    owners,
    marketplaces,
    quietHours: quietHours ?? null,
    repeatEveryMs: parseDuration(route.repeatEvery),
  };
}

function targetOf({ slack, webhook, mail }: RouteEntry): AlertTarget | null {
  if (slack !== undefined) return { kind: 'slack', url: slack };
  if (webhook?.url !== undefined && webhook.secret !== undefined) {
    return { kind: 'webhook', url: webhook.url, secret: webhook.secret };
  }
  if (mail?.smtp === undefined) return null;
  return { kind: 'mail', smtp: mail.smtp, from: mail.from, to: mail.to };
}

function kindOf({ webhook, mail }: RouteEntry): AlertTarget['kind'] {
  if (webhook !== undefined) return 'webhook';
  return mail === undefined ? 'slack' : 'mail';
}

/** What a schema cannot say of the routes. `say` takes the route's index, a key of it and a sentence. */
export function checkAlerts(
  { routes }: AlertsEntry,
  marketplaceIds: ReadonlySet<string>,
  secretsRequired: boolean,
  say: (index: number, key: string, message: string) => void,
): void {
  const names = new Set<string>();
  routes.forEach((route, index) => {
    if (names.has(route.name)) say(index, 'name', 'this route name is used twice');
    names.add(route.name);
    const targets = [route.slack, route.webhook, route.mail].filter((target) => target !== undefined);
    if (targets.length > 1 || (secretsRequired && targets.length === 0)) {
      say(index, 'name', 'a route needs exactly one of slack, webhook and mail');
    } else if (secretsRequired && targetOf(route) === null) {
      say(index, 'name', 'a webhook needs url and secret, a mail needs smtp');
    }
    for (const [key, url] of [
      ['slack', route.slack],
      ['webhook', route.webhook?.url],
    ] as const) {
      if (url !== undefined && !isSafeTarget(url)) {
        say(
          index,
          key,
          'must be an https address without credentials (http only for 127.0.0.1, ::1 and localhost)',
        );
      }
    }
    for (const id of route.marketplaces) {
      if (!marketplaceIds.has(id)) say(index, 'marketplaces', `there is no marketplace ${id}`);
    }
    if (route.quietHours !== undefined && !isTimeZone(route.quietHours.timezone)) {
      say(index, 'quietHours', 'timezone is not an IANA time zone such as Europe/Paris');
    }
  });
}

function isSafeTarget(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || isLoopback(url.hostname);
}

/** Nobody is told anything; the thresholds are those of a file that names none. */
export const NO_ALERTS: AlertsPolicy = {
  routes: [],
  moneyAtRisk: { share: 0.05, orders: 5 },
  lagSeconds: 600,
  quotaShare: 0.95,
  deadLetters: 1,
  contactDrop: 0.15,
};
