import { ALERT_RULES } from '@watertight/marketplaces';
import { type Static, Type } from 'typebox';
import { Instant, Nullable, OwnerSchema, SeveritySchema } from '../http/api-fields.ts';
import type { ApiRoute } from '../http/route.ts';

export const ROUTE_KINDS = ['slack', 'webhook', 'mail'] as const;

export const AlertSchema = Type.Object({
  cause: Type.String({
    description: 'What is wrong with what; the same cause is one alert',
    examples: ['silence:maison-fr'],
  }),
  rule: Type.Enum([...ALERT_RULES]),
  marketplaceId: Nullable(Type.String()),
  owner: OwnerSchema,
  severity: SeveritySchema,
  title: Type.String(),
  text: Type.String(),
  state: Type.Enum(['firing', 'recovered']),
  since: Instant('When it began'),
  recoveredAt: Nullable(Instant('When it ended')),
  lastToldAt: Nullable(Instant('When people were last told; null while quiet hours hold it back')),
  times: Type.Integer({ description: 'How often this cause has begun so far' }),
});
export type Alert = Static<typeof AlertSchema>;

export const AlertDeliverySchema = Type.Object({
  id: Type.String(),
  route: Type.String(),
  kind: Type.Enum([...ROUTE_KINDS]),
  what: Type.Enum(['alert', 'reminder', 'recovery', 'test']),
  causes: Type.Array(Type.String()),
  at: Instant('When it was first tried'),
  attempts: Type.Integer(),
  state: Type.Enum(['waiting', 'delivered', 'failed']),
  error: Nullable(Type.String({ description: 'What the other side said; never an address or a secret' })),
  deliveredAt: Nullable(Instant('When the other side took it')),
});
export type AlertDelivery = Static<typeof AlertDeliverySchema>;

export const AlertRouteSchema = Type.Object({
  name: Type.String(),
  kind: Type.Enum([...ROUTE_KINDS]),
  target: Type.String({ description: 'Host only, or the domain of the recipients' }),
  rules: Type.Array(Type.Enum([...ALERT_RULES])),
  owners: Type.Array(OwnerSchema),
  quietHours: Nullable(Type.String({ examples: ['22:00-07:00 Europe/Paris'] })),
  failing: Type.Boolean({ description: 'Its last delivery failed for good' }),
  lastDeliveredAt: Nullable(Instant('Last delivery that was taken')),
});
export type AlertRoute = Static<typeof AlertRouteSchema>;

export const AlertsSchema = Type.Object(
  {
    asOf: Nullable(Instant('When the rules were last looked at; null before the first time')),
    alerts: Type.Array(AlertSchema, { description: 'Firing ones first, then those of the last 14 days' }),
    routes: Type.Array(AlertRouteSchema),
    deliveries: Type.Array(AlertDeliverySchema, { description: 'The newest 100' }),
  },
  { $id: 'Alerts' },
);
export type Alerts = Static<typeof AlertsSchema>;

export const alertRoutes: readonly ApiRoute[] = [
  {
    id: 'readAlerts',
    method: 'GET',
    path: '/alerts',
    summary: 'What is firing, where alerts go, and which of them could not be delivered',
    role: 'viewer',
    answer: AlertsSchema,
  },
  {
    id: 'testAlertRoute',
    method: 'POST',
    path: '/alerts/routes/{name}/test',
    summary: 'Sends a test message over a route and answers what came of it',
    role: 'operator',
    answer: AlertDeliverySchema,
    refusals: { 404: 'There is no such route' },
  },
];
