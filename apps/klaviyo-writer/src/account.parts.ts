import { AccountStore } from './account/account.store.ts';
import { CountMetrics } from './account/count-metrics.ts';
import { SayDeliveryState } from './account/say-delivery-state.ts';
import { SayFindings } from './account/say-findings.ts';
import type { Round } from './rounds/rounds.ts';
import { countsEveryMs, stateEveryMs } from './writer.config.ts';
import type { SharedParts } from './writer.parts.ts';

const DAY_MS = 24 * 60 * 60_000;

/** What is said of the account as a whole. */
export interface AccountParts {
  readonly counts: CountMetrics;
  readonly findings: SayFindings;
  readonly rounds: readonly Round[];
}

export function accountParts(shared: SharedParts): AccountParts {
  const { database, words, limiter, client, metricIds, context, config, policy, privacy, replica } = shared;
  const { clock } = context;
  const store = new AccountStore(database);
  const counts = new CountMetrics({ store, words, calls: client.account, limiter, metricIds, clock });
  const share = config.KLAVIYO_QUOTA_PERCENT / 100;
  const state = new SayDeliveryState({ store, words, limiter, clock, replica, share });
  const findings = new SayFindings(words, () => ({
    client,
    metrics: policy.klaviyo.metrics,
    reportingCurrency: policy.reportingCurrency,
    hasPrivacyKey: privacy !== null,
    now: clock.now(),
  }));
  const polls = policy.marketplaces.map(({ pollIntervalMs }) => pollIntervalMs);
  return {
    counts,
    findings,
    rounds: [
      { name: 'findings', everyMs: DAY_MS, alone: true, run: () => findings.run().then(() => false) },
      { name: 'delivery_state', everyMs: stateEveryMs(polls), alone: false, run: () => state.round() },
      { name: 'metric_counts', everyMs: countsEveryMs(polls), alone: true, run: () => counts.round() },
    ],
  };
}
