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
