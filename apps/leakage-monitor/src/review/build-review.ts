import { formatMinor, type OwnerRole } from '@watertight/contracts';
import type { LedgerSum } from '../ledger/balance.ts';
import { balanceOf } from '../ledger/balance.ts';
import { reasonWords } from '../ledger/reason-words.ts';
import { LEAKING_BUCKETS } from '../trend/build-trend.ts';
import { type AmountPart, sumAmounts } from '../trend/sum-amounts.ts';
import type { TrendWeek } from '../trend/trend.api.ts';
import type { Week } from '../trend/week.ts';
import type { Decision, Review, ReviewGroup } from './review.api.ts';
import type { ExceptionGroupRow, OpenMoneyRow } from './review.store.ts';

/** A week's sums by marketplace, and what was recovered in it. */
export interface WeekSums {
  readonly week: Week;
  readonly sums: readonly LedgerSum[];
  readonly recovered: readonly AmountPart[];
}

export interface ReviewInput {
  /** The weeks before and the one reviewed, oldest first. */
  readonly weeks: readonly WeekSums[];
  readonly exceptions: readonly ExceptionGroupRow[];
  readonly openMoney: readonly OpenMoneyRow[];
  readonly marketplaces: readonly {
    readonly id: string;
    readonly name: string;
    readonly owners: Readonly<Partial<Record<OwnerRole, string>>>;
  }[];
  readonly decisions: readonly Decision[];
  readonly carriedOver: readonly Decision[];
  readonly now: Date;
}

type BuiltReview = Pick<Review, 'totals' | 'trend' | 'exceptions' | 'owners' | 'marketplaces'>;

const OWNERS: readonly OwnerRole[] = ['marketing', 'operations', 'platform'];

/** The figures of a review. Pure. */
export function buildReview(input: ReviewInput): BuiltReview {
  const { weeks, now } = input;
  const trend = weeks.map((one) => trendWeekOf(one, now));
  const last = weeks.at(-1);
  const groups = input.exceptions
    .map((row) => groupOf(row, input.openMoney))
    .sort(
      (one, other) =>
        other.open - one.open || other.opened - one.opened || (one.reason < other.reason ? -1 : 1),
    );
  const count = (pick: (group: ReviewGroup) => number) => groups.reduce((sum, group) => sum + pick(group), 0);
  return {
    totals: totalsOf(trend.at(-1)),
    trend,
    exceptions: {
      opened: count(({ opened }) => opened),
      resolved: count(({ resolved }) => resolved),
      open: count(({ open }) => open),
      overdue: count(({ overdue }) => overdue),
      groups,
    },
    owners: OWNERS.map((owner) => ({
      owner,
      contacts: contactsOf(owner, input.marketplaces),
      groups: groups.filter((group) => group.owner === owner && group.open > 0),
      decisions: [...input.carriedOver, ...input.decisions].filter(
        (decision) => decision.owner === owner && decision.state === 'open',
      ),
    })),
    marketplaces: last === undefined ? [] : input.marketplaces.map((one) => marketplaceOf(one, last)),
  };
}

function totalsOf(week: TrendWeek | undefined): Review['totals'] {
  const nothing = sumAmounts([]);
  const { captured, verified, leaking, recovered } = week ?? {
    captured: nothing,
    verified: nothing,
    leaking: nothing,
    recovered: nothing,
  };
  return { captured, verified, leaking, recovered };
}

function trendWeekOf({ week, sums, recovered }: WeekSums, now: Date): TrendWeek {
  const placed = sums.filter(({ kind }) => kind !== 'source');
  return {
    ...week,
    complete: week.to < now.toISOString(),
    captured: sumAmounts(placed),
    verified: sumAmounts(placed.filter(({ kind }) => kind === 'verified')),
    leaking: sumAmounts(placed.filter(isLeaking)),
    recovered: sumAmounts(recovered),
  };
}

function isLeaking({ kind }: LedgerSum): boolean {
  return LEAKING_BUCKETS.some((bucket) => bucket === kind);
}

function marketplaceOf(
  { id, name }: ReviewInput['marketplaces'][number],
  { week, sums }: WeekSums,
): Review['marketplaces'][number] {
  const own = sums.filter(({ marketplaceId }) => marketplaceId === id);
  const window = { marketplaceId: id, from: week.from, to: week.to, cut: null, whole: false };
  const { captured, buckets, difference } = balanceOf([window], own);
  return {
    marketplaceId: id,
    name,
    captured: copied(captured),
    verified: copied(buckets.verified),
    leaking: sumAmounts(own.filter(isLeaking)),
    difference: copied(difference),
  };
}

function copied({ orders, money, unknownMoney }: ReturnType<typeof balanceOf>['captured']) {
  return { orders, money: { ...money }, unknownMoney };
}

function groupOf(row: ExceptionGroupRow, openMoney: readonly OpenMoneyRow[]): ReviewGroup {
  const { reason, marketplaceId, resolved, open, overdue } = row;
  const { meaning, owner, severity, whatToDo } = reasonWords(reason);
  const before = row.opened.slice(0, -1);
  const money = openMoney
    .filter((one) => one.reason === reason && one.marketplaceId === marketplaceId)
    .map(({ currency, minor }) => [currency, formatMinor(minor, currency)] as const);
  const opened = row.opened.at(-1) ?? 0;
  return {
    reason,
    meaning,
    marketplaceId,
    owner,
    severity,
    whatToDo,
    opened,
    resolved,
    open,
    overdue,
    recurring: opened > 0 && before.some((count) => count > 0),
    weeksBefore: before,
    money: Object.fromEntries(money),
  };
}

function contactsOf(owner: OwnerRole, marketplaces: ReviewInput['marketplaces']): string[] {
  const contacts = marketplaces.map(({ owners }) => owners[owner]).filter((contact) => contact !== undefined);
  return [...new Set(contacts)].sort();
}
