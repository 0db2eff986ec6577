import { Type, type Static } from 'typebox';
import { Duration, Timezone } from './policy-fields.ts';

/** The `alerts` and `review` parts of marketplaces.yaml. Descriptions say what is expected of a value. */

export const ALERT_RULES = [
  'money_at_risk',
  'age',
  'contact_drift',
  'silence',
  'dead_letters',
  'lag',
  'quota',
  'source_failing',
] as const;
export type AlertRule = (typeof ALERT_RULES)[number];

export const WEEKDAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;
export type Weekday = (typeof WEEKDAYS)[number];

const OwnerRole = Type.Enum(['marketing', 'operations', 'platform'], {
  description: 'marketing, operations or platform',
});

const Share = (description: string, fallback: number) =>
  Type.Number({ exclusiveMinimum: 0, maximum: 1, default: fallback, description });

const Target = Type.String({
  pattern: '^https?://[^\\s#]+$',
  description: 'an https address, as ${ENV_VARIABLE}',
});

const QuietHours = Type.Object(
  {
    from: Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', description: 'a time of day such as 22:00' }),
    to: Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', description: 'a time of day such as 07:00' }),
    timezone: Timezone,
  },
  { additionalProperties: false },
);

const Mail = Type.Object(
  {
    smtp: Type.Optional(
      Type.String({
        pattern: '^smtps?://\\S+$',
        description: 'the mail server, as ${ENV_VARIABLE}: smtps://user:password@host:465',
      }),
    ),
    from: Type.String({ minLength: 3, description: 'the sender, an address' }),
    to: Type.Array(Type.String({ minLength: 3, description: 'an address' }), {
      minItems: 1,
      description: 'at least one recipient',
    }),
  },
  { additionalProperties: false },
);

const Route = Type.Object(
  {
    name: Type.String({
      pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
      description: 'small letters, digits and hyphens, at most 63',
    }),
    slack: Type.Optional(Target),
    webhook: Type.Optional(
      Type.Object(
        {
          // May be missing where the service has no use for them; their owner is told otherwise by checkAlerts.
          url: Type.Optional(Target),
          secret: Type.Optional(
            Type.String({
              minLength: 16,
              description: 'what requests are signed with, as ${ENV_VARIABLE}, at least 16 characters',
            }),
          ),
        },
        { additionalProperties: false },
      ),
    ),
    mail: Type.Optional(Mail),
    rules: Type.Array(Type.Enum([...ALERT_RULES], { description: ALERT_RULES.join(', ') }), {
      default: [...ALERT_RULES],
      description: 'which rules go here; all of them if left out',
    }),
    owners: Type.Array(OwnerRole, {
      default: [],
      description: 'only alerts of these owners; all if left out',
    }),
    marketplaces: Type.Array(Type.String({ description: 'a marketplace id' }), {
      default: [],
      description: 'only alerts of these marketplaces; all if left out',
    }),
    quietHours: Type.Optional(QuietHours),
    repeatEvery: Duration('how often it says again what still holds', '24h'),
  },
  { additionalProperties: false },
);

export const AlertsSchema = Type.Object(
  {
    routes: Type.Array(Route, { default: [], description: 'where alerts go' }),
    moneyAtRisk: Type.Object(
      {
        share: Share('a share of the money of the last 30 days, such as 0.05', 0.05),
        orders: Type.Integer({
          minimum: 1,
          default: 5,
          description: 'a number of orders below which it is silent',
        }),
      },
      { additionalProperties: false, default: {} },
    ),
    lagSeconds: Type.Integer({
      minimum: 1,
      default: 600,
      description: 'the oldest record not dealt with, in seconds',
    }),
    quotaShare: Share("a share of Klaviyo's quota, such as 0.95", 0.95),
    deadLetters: Type.Integer({ minimum: 1, default: 1, description: 'a number of dead letters in a day' }),
    contactDrop: Share('how far the share of direct addresses may fall, such as 0.15', 0.15),
  },
  { additionalProperties: false, default: {} },
);
export type AlertsEntry = Static<typeof AlertsSchema>;

export const ReviewSchema = Type.Object(
  {
    day: Type.Enum([...WEEKDAYS], {
      default: 'monday',
      description: 'the day after the week on which the review is held: monday to sunday',
    }),
    timezone: Timezone,
  },
  { additionalProperties: false, default: {} },
);
