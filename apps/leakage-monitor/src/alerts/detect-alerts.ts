import { formatMinor, type OwnerRole, type Severity } from '@watertight/contracts';
import type { AlertRule, AlertsPolicy } from '@watertight/marketplaces';
import { driftWords, type FoundDrift, percent } from '../silence/watch-drift.ts';
import type { AlertSnapshot } from './alert-snapshot.ts';

/** Something that is wrong now. The same cause at another moment is the same alert. */
export interface DetectedAlert {
  readonly cause: string;
  readonly rule: AlertRule;
  readonly marketplaceId: string | null;
  readonly owner: OwnerRole;
  readonly severity: Severity;
  readonly title: string;
  readonly text: string;
}

type Thresholds = Omit<AlertsPolicy, 'routes'>;

/** Every rule on one snapshot. Pure. No text holds personal data: alerts leave the house. */
export function detectAlerts(snapshot: AlertSnapshot, thresholds: Thresholds): DetectedAlert[] {
  return [
    ...moneyAtRisk(snapshot, thresholds),
    ...age(snapshot),
    ...sources(snapshot),
    ...deadLetters(snapshot, thresholds),
    ...lag(snapshot, thresholds),
    ...quota(snapshot, thresholds),
  ];
}

function moneyAtRisk({ risks, marketplaces }: AlertSnapshot, { moneyAtRisk: limit }: Thresholds) {
  return risks
    .filter(({ riskOrders }) => riskOrders >= limit.orders)
    .filter(({ riskMinor, totalMinor }) => riskMinor > 0 && riskMinor >= limit.share * totalMinor)
    .map(({ marketplaceId, currency, riskMinor, riskOrders, totalMinor }): DetectedAlert => {
      const money = `${currency} ${formatMinor(riskMinor, currency)}`;
      return {
        cause: `money_at_risk:${marketplaceId}:${currency}`,
        rule: 'money_at_risk',
        marketplaceId,
        owner: 'operations',
        severity: 'high',
        title: `${nameOf(marketplaceId, marketplaces)}: ${money} at risk`,
        text: `${riskOrders} orders of the last 30 days are failed or stuck: ${percent(riskMinor / totalMinor)} of the money`,
      };
    });
}

function age({ overdue, marketplaces }: AlertSnapshot) {
  return overdue.map(({ marketplaceId, owner, overdue: count, oldestDueAt }): DetectedAlert => {
    const where = marketplaceId === null ? 'Overdue' : nameOf(marketplaceId, marketplaces);
    return {
      cause: `age:${marketplaceId ?? 'all'}:${owner}`,
      rule: 'age',
      marketplaceId,
      owner,
      severity: 'medium',
      title: `${where}: ${count} overdue ${count === 1 ? 'exception' : 'exceptions'} of ${owner}`,
      text: `The oldest was due at ${oldestDueAt}`,
    };
  });
}

function sources({ marketplaces }: AlertSnapshot): DetectedAlert[] {
  return marketplaces.flatMap(({ id, name, health, staleSince, failure, silence, drifts }) => {
    const about = { marketplaceId: id };
    const found: DetectedAlert[] = [];
    const unread = health === 'failing' || health === 'late';
    if (unread) {
      const because = failure === null ? '' : ` (${failure})`;
      const title = `${name} is ${health === 'failing' ? 'failing' : 'not polled'}`;
      const text = `No complete poll since ${staleSince ?? 'the last one'}${because}`;
      found.push({
        ...about,
        cause: `source_failing:${id}`,
        rule: 'source_failing',
        owner: 'platform',
        severity: 'high',
        title,
        text,
      });
    }
    // What cannot be read is not known to be silent.
    if (silence !== null && !unread) {
      const title = `${name} has gone quiet`;
      const text = `No order since ${silence.lastOrderAt}; about ${silence.expected} would be usual by now`;
      found.push({
        ...about,
        cause: `silence:${id}`,
        rule: 'silence',
        owner: 'operations',
        severity: 'high',
        title,
        text,
      });
    }
    return [...found, ...drifts.map((drift) => contactDrift(name, drift))];
  });
}

function contactDrift(name: string, found: FoundDrift): DetectedAlert {
  const { marketplaceId, country } = found;
  const where = country === null ? '' : ` for orders to ${country}`;
  return {
    cause: ['contact_drift', marketplaceId, ...(country === null ? [] : [country])].join(':'),
    rule: 'contact_drift',
    marketplaceId,
    owner: 'marketing',
    severity: 'medium',
    title: `${name} gives fewer direct addresses${where}`,
    text: driftWords(found),
  };
}

function deadLetters({ deadLetters: topics }: AlertSnapshot, { deadLetters: limit }: Thresholds) {
  return topics
    .filter(({ lastDay }) => lastDay >= limit)
    .map(({ topic, lastDay }): DetectedAlert => {
      return {
        cause: `dead_letters:${topic}`,
        rule: 'dead_letters',
        marketplaceId: null,
        owner: 'platform',
        severity: 'medium',
        title: `${lastDay} dead ${lastDay === 1 ? 'letter' : 'letters'} on ${topic}`,
        text: 'In the last 24 hours; they are kept for 30 days and can be put back on Operations',
      };
    });
}

function lag({ lags }: AlertSnapshot, { lagSeconds }: Thresholds) {
  return lags
    .filter(({ messages, seconds }) => messages > 0 && seconds >= lagSeconds)
    .map(({ group, topic, messages, seconds }): DetectedAlert => {
      return {
        cause: `lag:${group}:${topic}`,
        rule: 'lag',
        marketplaceId: null,
        owner: 'platform',
        severity: 'high',
        title: `${group} lags behind on ${topic}`,
        text: `${messages} records wait, the oldest for ${Math.round(seconds)} s`,
      };
    });
}

/** One per route: the replicas share one quota. */
function quota({ quota: windows }: AlertSnapshot, { quotaShare }: Thresholds): DetectedAlert[] {
  const spent = windows.filter(({ used, limit }) => limit > 0 && used >= quotaShare * limit);
  return [...Map.groupBy(spent, ({ route }) => route)].map(([route, own]): DetectedAlert => {
    const words = own.map(({ used, limit, windowSeconds }) => `${used} of ${limit} in ${windowSeconds} s`);
    return {
      cause: `quota:${route}`,
      rule: 'quota',
      marketplaceId: null,
      owner: 'platform',
      severity: 'low',
      title: `Klaviyo's quota for ${route} is used up`,
      text: words.join(', '),
    };
  });
}

function nameOf(id: string, marketplaces: AlertSnapshot['marketplaces']): string {
  return marketplaces.find((one) => one.id === id)?.name ?? id;
}
