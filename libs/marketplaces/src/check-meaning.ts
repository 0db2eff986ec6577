import { problemOfField } from './attributes/source-fields.ts';
import { checkAlerts } from './alerts-policy.ts';
import { parseDuration } from './duration.ts';
import { isLoopback } from './loopback.ts';
import type { AttributeMapping, MarketplaceEntry, MarketplacesFile } from './marketplaces-schema.ts';
import { isTimeZone } from './time-zone.ts';

export interface MeaningProblem {
  /** JSON pointer into the file. */
  readonly pointer: string;
  readonly message: string;
}

/** Mirakl's limits for OR11: once a minute; an external partner once in 15 minutes. */
const POLL_FLOOR_MS = { seller: 60_000, partner: 15 * 60_000 } as const;

/** What a schema cannot say: repeats, time zones, dates, addresses, which credentials belong to which API. */
export function checkMeaning(
  file: MarketplacesFile,
  credentialsRequired: boolean,
  alertsRequired = false,
): { problems: MeaningProblem[]; warnings: string[] } {
  const problems: MeaningProblem[] = [];
  const warnings: string[] = [];
  const seen = new Set<string>();
  const metricNames = Object.values(file.klaviyo.metrics);
  if (new Set(metricNames).size < metricNames.length) {
    problems.push({
      pointer: '/klaviyo/metrics',
      message: 'klaviyo.metrics: two kinds of event have the same metric name',
    });
  }
  problems.push(...checkAttributes(file.attributes, '/attributes', 'attributes'));
  const ids = new Set(file.marketplaces.map(({ id }) => id));
  checkAlerts(file.alerts, ids, alertsRequired, (index, key, message) => {
    const pointer = `/alerts/routes/${index}/${key}`;
    problems.push({ pointer, message: `alerts.${file.alerts.routes[index]?.name ?? index}: ${message}` });
  });
  if (!isTimeZone(file.review.timezone)) {
    problems.push({
      pointer: '/review/timezone',
      message: 'review: timezone is not an IANA time zone such as Europe/Paris',
    });
  }
  file.marketplaces.forEach((entry, index) => {
    const pointer = `/marketplaces/${index}`;
    const say = (key: string, message: string) =>
      problems.push({ pointer: `${pointer}/${key}`, message: `${entry.id}: ${message}` });
    if (seen.has(entry.id)) say('id', 'this id is used twice; an id names one shop on one Mirakl instance');
    seen.add(entry.id);
    if (Number.isNaN(Date.parse(entry.backfillFrom)))
      say('backfillFrom', 'backfillFrom is not a date of the calendar');
    if (!isTimeZone(entry.timezone))
      say('timezone', 'timezone is not an IANA time zone such as Europe/Paris');
    if (parseDuration(entry.pollInterval) < 200) say('pollInterval', 'pollInterval must be at least 200ms');
    const address = checkAddress(entry.baseUrl);
    if (address !== 'fine') say('baseUrl', address);
    if (credentialsRequired) checkCredentials(entry, say);
    problems.push(...checkAttributes(entry.attributes, `${pointer}/attributes`, entry.id));
    warnings.push(...pollWarnings(entry));
  });
  return { problems, warnings };
}

function checkCredentials(entry: MarketplaceEntry, say: (key: string, message: string) => void): void {
  if (entry.api === 'seller') {
    if (!entry.apiKey) say('api', 'api: seller needs apiKey, best as ${SOME_VARIABLE}');
    return;
  }
  for (const key of ['clientId', 'clientSecret', 'companyId'] as const) {
    if (!entry[key]) say('api', `api: connect needs ${key}`);
  }
}

function pollWarnings(entry: MarketplaceEntry): string[] {
  const floorMs = POLL_FLOOR_MS[entry.persona];
  if (parseDuration(entry.pollInterval) >= floorMs || isLoopback(new URL(entry.baseUrl).hostname)) return [];
  return [
    `${entry.id}: pollInterval ${entry.pollInterval} is below what Mirakl allows a ${entry.persona} ` +
      `(once in ${floorMs / 60_000} min); expect 429 answers`,
  ];
}

/** A field that is not there to be read, or two mappings that would overwrite each other. */
function checkAttributes(
  attributes: readonly AttributeMapping[],
  pointer: string,
  where: string,
): MeaningProblem[] {
  const seen = new Set<string>();
  return attributes.flatMap(({ from, to, on }, index): MeaningProblem[] => {
    const found: MeaningProblem[] = [];
    const unknown = problemOfField(from);
    if (unknown !== undefined) {
      found.push({ pointer: `${pointer}/${index}/from`, message: `${where}: ${unknown}` });
    }
    if (seen.has(`${on} ${to}`)) {
      found.push({
        pointer: `${pointer}/${index}/to`,
        message: `${where}: "${to}" on ${on} is mapped twice`,
      });
    }
    seen.add(`${on} ${to}`);
    return found;
  });
}

/** Keys and buyers' data travel over TLS; plain http is for a double on this machine only. */
function checkAddress(baseUrl: string): 'fine' | string {
  if (!URL.canParse(baseUrl)) return 'baseUrl is not an address';
  const url = new URL(baseUrl);
  if (url.username || url.password) return 'baseUrl must not hold credentials; use apiKey';
  if (url.protocol === 'https:' || isLoopback(url.hostname)) return 'fine';
  return 'baseUrl must begin with https:// (http is accepted for 127.0.0.1, ::1 and localhost only)';
}
