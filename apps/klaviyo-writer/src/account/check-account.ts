import type { Finding } from '@watertight/contracts';
import type { MetricNames } from '@watertight/marketplaces';
import { describeFailure, KlaviyoCallError, type KlaviyoFailure } from '../klaviyo/klaviyo-errors.ts';
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
  const [events, profiles, facts] = await Promise.all([
    tried(() =>
      client.listEvents({ metricId: firstId(metrics), fromSeconds: 0, toSeconds: 1, cursor: null }),
    ),
    tried(() => client.profiles.listKnownEmails([NOBODY])),
    tried(() => client.account.readAccount()),
  ]);
  const key = keyFinding([metrics, events, profiles]);
  const askedWithIt = [
    scopeFinding('metrics:read', metrics),
    scopeFinding('events:read', events),
    scopeFinding('profiles:read', profiles),
    accountFinding(facts, account.reportingCurrency),
    metricFinding(metrics, account.metrics),
  ];
  return [
    key,
    // With a key that is good for nothing they would all say the same again.
    ...(key.result === 'ok' ? askedWithIt : askedWithIt.map(({ check }) => notFoundOut(check))),
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

function notFoundOut(check: string): AccountFinding {
  return { check, result: 'warning', detail: 'Not found out: see api_key.' };
}

/** Good when Klaviyo has answered one of the calls, or refused it as invalid. */
function keyFinding(calls: readonly Tried<unknown>[]): AccountFinding {
  const check = 'api_key';
  const failures = calls.flatMap((call) => ('error' in call ? [call.error.failure] : []));
  const [first] = failures;
  if (first === undefined || failures.length < calls.length || first.kind === 'rejected') {
    const detail =
      'Klaviyo accepts KLAVIYO_API_KEY. Whether it has events:write and profiles:write shows with the first event: that cannot be tried without writing.';
    return { check, result: 'ok', detail };
  }
  const detail = failures.every(lacksScope)
    ? 'Klaviyo knows KLAVIYO_API_KEY, but it may read neither metrics nor events nor profiles. Is it the key for erasure, or a firewall in between?'
    : describeFailure(failures.find((failure) => !lacksScope(failure)) ?? first);
  return { check, result: 'problem', detail };
}

/** 403 may also be a firewall's. */
function lacksScope(failure: KlaviyoFailure): boolean {
  return failure.kind === 'misconfigured' && failure.status === 403;
}

function scopeFinding(scope: string, call: Tried<unknown>): AccountFinding {
  const check = `scope_${scope.replace(':', '_')}`;
  if ('value' in call) return { check, result: 'ok', detail: `The key may use ${scope}.` };
  const { failure } = call.error;
  // A question about nothing may be refused as invalid; then the key was good enough to be answered.
  if (failure.kind === 'rejected') return { check, result: 'ok', detail: `The key may use ${scope}.` };
  if (lacksScope(failure)) {
    const detail = `KLAVIYO_API_KEY lacks the scope ${scope}, which this service needs. Use a key that has it.`;
    return { check, result: 'problem', detail };
  }
  return {
    check,
    result: failure.kind === 'misconfigured' ? 'problem' : 'warning',
    detail: `It could not be found out whether the key may use ${scope}: ${describeFailure(failure)}`,
  };
}

function accountFinding(facts: Tried<KlaviyoAccount>, reportingCurrency: string): AccountFinding {
  const check = 'account_currency';
  if ('error' in facts) {
    const why = lacksScope(facts.error.failure)
      ? 'the key lacks the scope accounts:read, which nothing else needs'
      : describeFailure(facts.error.failure);
    const detail = `The account's currency could not be read: ${why}. See to it in Klaviyo that it is ${reportingCurrency}.`;
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
    ? {
        check: 'privacy_key',
        result: 'ok',
        detail:
          'KLAVIYO_PRIVACY_API_KEY is set. Whether it has data-privacy:write shows with the first erasure.',
      }
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
