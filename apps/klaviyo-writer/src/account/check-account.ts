import type { Finding } from '@watertight/contracts';
import type { MetricNames } from '@watertight/marketplaces';
import { describeFailure, KlaviyoCallError } from '../klaviyo/klaviyo-errors.ts';
import type { KlaviyoAccount, KlaviyoMetric } from '../klaviyo/account-calls.ts';
import type { KlaviyoClient } from '../klaviyo/klaviyo-client.ts';
import { KLAVIYO_REVISION, KLAVIYO_REVISION_ENDS } from '../klaviyo/revision.ts';

/** What a check found, before it is a word on the topic or a line of the doctor. */
export interface AccountFinding {
  readonly check: string;
  readonly result: Finding['result'];
  readonly detail: string;
}

export interface AccountToCheck {
  readonly client: Pick<KlaviyoClient, 'account' | 'profiles' | 'listEvents'>;
  readonly metrics: MetricNames;
  readonly reportingCurrency: string;
  readonly hasPrivacyKey: boolean;
  readonly now: Date;
}

/** An address that nobody has: the reserved domain makes sure of it. */
const NOBODY = 'nobody@watertight.invalid';
const DAY_MS = 86_400_000;
const WARN_BEFORE_END_DAYS = 180;

/**
 * Looks at the account with harmless reads only. What a write would need cannot be tried without writing, so those
 * scopes are named in the detail. Throws nothing for what Klaviyo says: that is what it finds.
 */
export async function checkAccount(account: AccountToCheck): Promise<readonly AccountFinding[]> {
  const { client } = account;
  const metrics = await tried(() => client.account.listMetrics());
  const events = await tried(() =>
    client.listEvents({ metricId: firstId(metrics), fromSeconds: 0, toSeconds: 1, cursor: null }),
  );
  const profiles = await tried(() => client.profiles.listKnownEmails([NOBODY]));
  const facts = await tried(() => client.account.readAccount());
  return [
    keyFinding([metrics, events, profiles]),
    scopeFinding('metrics:read', metrics),
    scopeFinding('events:read', events),
    scopeFinding('profiles:read', profiles),
    accountFinding(facts, account.reportingCurrency),
    metricFinding(metrics, account.metrics),
    privacyFinding(account.hasPrivacyKey),
    revisionFinding(account.now),
  ];
}

type Tried<T> = { readonly value: T } | { readonly error: KlaviyoCallError };

async function tried<T>(call: () => Promise<T>): Promise<Tried<T>> {
  try {
    return { value: await call() };
  } catch (error) {
    if (error instanceof KlaviyoCallError) return { error };
    throw error;
  }
}

function firstId(metrics: Tried<readonly KlaviyoMetric[]>): string {
  return ('value' in metrics ? metrics.value[0]?.id : undefined) ?? 'AAAAAA';
}

function keyFinding(calls: readonly Tried<unknown>[]): AccountFinding {
  const check = 'api_key';
  if (calls.some((call) => 'value' in call))
    return { check, result: 'ok', detail: 'Klaviyo accepts KLAVIYO_API_KEY.' };
  const error = calls
    .map((call) => ('error' in call ? call.error : undefined))
    .find((one) => one !== undefined);
  const failure = error?.failure;
  return {
    check,
    result: 'problem',
    detail: failure === undefined ? 'Klaviyo was not asked.' : describeFailure(failure),
  };
}

function scopeFinding(scope: string, call: Tried<unknown>): AccountFinding {
  const check = `scope_${scope.replace(':', '_')}`;
  if ('value' in call) return { check, result: 'ok', detail: `The key may use ${scope}.` };
  const { failure } = call.error;
  // A question about nothing may be refused as invalid; then the key was good enough to be answered.
  if (failure.kind === 'rejected') return { check, result: 'ok', detail: `The key may use ${scope}.` };
  const known = failure.kind === 'misconfigured';
  return {
    check,
    result: known ? 'problem' : 'warning',
    detail: known
      ? `The key may not use ${scope}: ${describeFailure(failure)}`
      : `It could not be found out whether the key may use ${scope}: ${describeFailure(failure)}`,
  };
}

function accountFinding(facts: Tried<KlaviyoAccount>, reportingCurrency: string): AccountFinding {
  const check = 'account_currency';
  if ('error' in facts) {
    const why = describeFailure(facts.error.failure);
    const detail = `The account's currency could not be read (it needs the scope accounts:read, which nothing else needs): ${why}`;
    return { check, result: 'warning', detail };
  }
  const { currency, timezone } = facts.value;
  const zone = `its time zone is ${timezone ?? 'not set'}`;
  return currency === reportingCurrency
    ? { check, result: 'ok', detail: `The account counts in ${currency}; ${zone}.` }
    : {
        check,
        result: 'problem',
        detail: `The account counts in ${currency ?? 'an unknown currency'} and reportingCurrency is ${reportingCurrency}: Klaviyo adds bare numbers and never converts, so its sums would be wrong; ${zone}.`,
      };
}

/** Integrations with a key share metrics of one name: another sender would start the same flows. */
function metricFinding(metrics: Tried<readonly KlaviyoMetric[]>, names: MetricNames): AccountFinding {
  const check = 'metric_names';
  if ('error' in metrics)
    return { check, result: 'warning', detail: 'The metrics of the account could not be listed.' };
  const ours = new Set<string>(Object.values(names));
  const others = metrics.value.filter(
    ({ name, integration }) => ours.has(name) && integration !== null && integration !== 'API',
  );
  if (others.length === 0)
    return { check, result: 'ok', detail: 'No other integration uses the names of our metrics.' };
  const list = others.map(({ name, integration }) => `${name} (${integration})`).join(', ');
  return {
    check,
    result: 'warning',
    detail: `Other integrations have metrics of the same names: ${list}. They are metrics of their own, so flows and segments must name the one that they mean.`,
  };
}

function privacyFinding(hasPrivacyKey: boolean): AccountFinding {
  return hasPrivacyKey
    ? { check: 'privacy_key', result: 'ok', detail: 'KLAVIYO_PRIVACY_API_KEY is set.' }
    : {
        check: 'privacy_key',
        result: 'warning',
        detail:
          'KLAVIYO_PRIVACY_API_KEY is not set: erasures wait for it. It is a key with the scope data-privacy:write alone.',
      };
}

function revisionFinding(now: Date): AccountFinding {
  const daysLeft = Math.floor((Date.parse(KLAVIYO_REVISION_ENDS) - now.getTime()) / DAY_MS);
  const daysOld = Math.floor((now.getTime() - Date.parse(KLAVIYO_REVISION)) / DAY_MS);
  const detail = `API revision ${KLAVIYO_REVISION} is ${daysOld} days old; Klaviyo may retire it on ${KLAVIYO_REVISION_ENDS}, in ${daysLeft} days.`;
  const result = daysLeft <= 0 ? 'problem' : daysLeft <= WARN_BEFORE_END_DAYS ? 'warning' : 'ok';
  return { check: 'api_revision', result, detail };
}
