import { kafkaVariables } from '@watertight/kafka';
import { databaseVariables } from '@watertight/postgres';
import {
  duration,
  flag,
  integer,
  optional,
  secret,
  type ServiceConfig,
  text,
  url,
} from '@watertight/service';

/** Every variable of klaviyo-writer, beside those that all services have. */
export const writerVariables = {
  ...kafkaVariables,
  ...databaseVariables,
  MARKETPLACES_FILE: text({
    describe: 'The policy file: which marketplaces there are and what each one allows.',
    example: './marketplaces.yaml',
  }),
  KLAVIYO_API_KEY: secret({
    describe:
      'Private key of the Klaviyo account, with the scopes events:write, events:read, profiles:write, profiles:read and metrics:read, and no other.',
    example: 'pk_…',
  }),
  KLAVIYO_PRIVACY_API_KEY: optional(
    secret({
      describe:
        'Another private key with the scope data-privacy:write alone, for erasure. Without it erasures wait, and their receipt says so.',
      example: 'pk_…',
    }),
  ),
  KLAVIYO_BASE_URL: url({
    describe: 'Where Klaviyo answers.',
    example: 'http://127.0.0.1:4401/klaviyo',
    default: 'https://a.klaviyo.com',
    schemes: ['https', 'http'],
    tlsOutsideLoopback: true,
  }),
  KLAVIYO_TIMEOUT: duration({
    describe: 'After this a call to Klaviyo counts as unanswered.',
    example: '15s',
    default: 15_000,
  }),
  KLAVIYO_QUOTA_PERCENT: integer({
    describe: "Part of the account's quota that this system may use; the rest is left to other integrations.",
    example: '80',
    default: 100,
    min: 1,
    max: 100,
  }),
  KLAVIYO_PACING: flag({
    describe: "Keep within Klaviyo's quota. 0 only to measure against a double that has none.",
    example: '1',
    default: true,
  }),
  CONSENTS_EVERY: duration({
    describe: "After this a buyer's consent is read from Klaviyo again.",
    example: '24h',
    default: 24 * 60 * 60_000,
  }),
  PROFILE_WAIT: duration({
    describe:
      'How long a change of a profile waits for an event that carries it, before it is written by itself.',
    example: '2m',
    default: 2 * 60_000,
  }),
  VERIFY_FIRST_AFTER: duration({
    describe: 'From acceptance of an event by Klaviyo until it is first looked for.',
    example: '5s',
    default: 3_000,
  }),
  VERIFY_EVERY: duration({
    describe: 'Between the first and the second look for the same event; it doubles from look to look.',
    example: '5s',
    default: 3_000,
  }),
  VERIFY_DEADLINE: optional(
    duration({
      describe:
        'From acceptance until an event that Klaviyo does not show counts as lost and is sent once more. Left out, it follows the shortest pollInterval: three times that, at least 20s and at most 15m.',
      example: '15m',
    }),
  ),
};

export type WriterConfig = ServiceConfig<typeof writerVariables>;

const DEADLINE_MIN_MS = 20_000;
const DEADLINE_MAX_MS = 15 * 60_000;
const POLLS_PER_DEADLINE = 3;

/** When an accepted event counts as lost: a shop that is looked at every few seconds waits no quarter of an hour. */
export function verifyDeadlineMs(
  configuredMs: number | undefined,
  pollIntervalsMs: readonly number[],
): number {
  if (configuredMs !== undefined) return configuredMs;
  const shortestMs = Math.min(DEADLINE_MAX_MS, ...pollIntervalsMs);
  return Math.min(DEADLINE_MAX_MS, Math.max(DEADLINE_MIN_MS, POLLS_PER_DEADLINE * shortestMs));
}

const STATE_MIN_MS = 2_000;
const STATE_MAX_MS = 15_000;
const COUNTS_MIN_MS = 60_000;
const COUNTS_MAX_MS = 24 * 60 * 60_000;
const POLLS_PER_COUNT = 288;

/** How often the state of delivery is said: as often as the shops are looked at, within bounds. */
export function stateEveryMs(pollIntervalsMs: readonly number[]): number {
  return Math.min(STATE_MAX_MS, Math.max(STATE_MIN_MS, Math.min(...pollIntervalsMs)));
}

/** How often Klaviyo's own counts are asked for: daily for a shop that is looked at every five minutes. */
export function countsEveryMs(pollIntervalsMs: readonly number[]): number {
  return Math.min(COUNTS_MAX_MS, Math.max(COUNTS_MIN_MS, POLLS_PER_COUNT * Math.min(...pollIntervalsMs)));
}
