import type { Amounts } from '../ledger/balance.ts';
import type { Decision, Review, ReviewGroup } from './review.api.ts';

/** The review as headings, sentences and tables: HTML and PDF are both made from it, so both say the same. */
export interface ReviewPack {
  readonly title: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly sections: readonly PackSection[];
}

export interface PackSection {
  readonly heading: string;
  /** Said instead of a table that would be empty. */
  readonly empty: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Pure. Times are in UTC and say so; money is written as in the API. */
export function reviewPack(review: Review): ReviewPack {
  const { week, timezone, signature } = review;
  return {
    title: `Weekly review ${week}`,
    facts: [
      ['Week', `${utc(review.from)} to ${utc(review.to)} (weeks begin in ${timezone})`],
      ['State', review.state],
      ['Figures as of', utc(review.asOf)],
      ['Signed', signature === null ? 'not yet' : `${signature.by}, ${utc(signature.at)}`],
      ...(signature?.note ? [['Note', signature.note] as const] : []),
      ['Captured', amountsText(review.totals.captured)],
      ['Verified', amountsText(review.totals.verified)],
      ['Leaking', amountsText(review.totals.leaking)],
      ['Recovered', amountsText(review.totals.recovered)],
      ['Alerts', String(review.alerts)],
    ],
    sections: [
      trendSection(review),
      marketplaceSection(review),
      exceptionSection('Exceptions opened in the week', review.exceptions.groups, ({ opened }) => opened > 0),
      exceptionSection('Recurring exceptions', review.exceptions.groups, ({ recurring }) => recurring),
      ...review.owners.map(ownerSection),
      decisionSection('Carried over', review.carriedOver, 'Nothing is carried over'),
      decisionSection('Decisions of this review', review.decisions, 'No decision has been written down'),
    ],
  };
}

function trendSection({ trend }: Review): PackSection {
  return {
    heading: 'Trend',
    empty: 'No week to compare with',
    columns: ['Week', 'Captured', 'Verified', 'Leaking', 'Recovered'],
    rows: trend.map(({ week, captured, verified, leaking, recovered }) => [
      week,
      ...[captured, verified, leaking, recovered].map(amountsText),
    ]),
  };
}

function marketplaceSection({ marketplaces }: Review): PackSection {
  return {
    heading: 'Marketplaces',
    empty: 'No marketplace',
    columns: ['Marketplace', 'Captured', 'Verified', 'Leaking', 'Difference'],
    rows: marketplaces.map(({ name, captured, verified, leaking, difference }) => [
      name,
      ...[captured, verified, leaking, difference].map(amountsText),
    ]),
  };
}

function exceptionSection(
  heading: string,
  groups: readonly ReviewGroup[],
  belongs: (group: ReviewGroup) => boolean,
): PackSection {
  return {
    heading,
    empty: 'None',
    columns: [
      'What',
      'Marketplace',
      'Owner',
      'Opened',
      'Four weeks before',
      'Resolved',
      'Open',
      'Overdue',
      'Money',
    ],
    rows: groups
      .filter(belongs)
      .map((group) => [
        `${group.meaning} (${group.reason})`,
        group.marketplaceId ?? 'all',
        group.owner,
        String(group.opened),
        group.weeksBefore.join(', '),
        String(group.resolved),
        String(group.open),
        String(group.overdue),
        moneyText(group.money),
      ]),
  };
}

function ownerSection({ owner, contacts, groups, decisions }: Review['owners'][number]): PackSection {
  const named = contacts.length === 0 ? '' : ` (${contacts.join(', ')})`;
  return {
    heading: `To do: ${owner}${named}`,
    empty: 'Nothing is open',
    columns: ['What', 'Marketplace', 'Open', 'Overdue', 'Money', 'What to do'],
    rows: [
      ...groups.map((group) => [
        group.meaning,
        group.marketplaceId ?? 'all',
        String(group.open),
        String(group.overdue),
        moneyText(group.money),
        group.whatToDo,
      ]),
      ...decisions.map(({ text, marketplaceId, dueOn, week }) => [
        `Decision of ${week}`,
        marketplaceId ?? 'all',
        '1',
        '',
        '',
        dueOn === null ? text : `${text} (by ${dueOn})`,
      ]),
    ],
  };
}

function decisionSection(heading: string, decisions: readonly Decision[], empty: string): PackSection {
  return {
    heading,
    empty,
    columns: ['Decision', 'Owner', 'Taken', 'Due', 'State', 'Note'],
    rows: decisions.map(({ text, owner, takenBy, week, dueOn, state, closingNote }) => [
      text,
      owner,
      `${week}, ${takenBy}`,
      dueOn ?? '',
      state,
      closingNote ?? '',
    ]),
  };
}

function amountsText({ orders, money, unknownMoney }: Amounts): string {
  const unknown = unknownMoney === 0 ? '' : `, ${unknownMoney} of unknown amount`;
  const sums = moneyText(money);
  return `${orders}${sums === '' ? '' : ` · ${sums}`}${unknown}`;
}

function moneyText(money: Readonly<Record<string, string>>): string {
  return Object.entries(money)
    .map(([currency, amount]) => `${currency} ${amount}`)
    .join(', ');
}

function utc(instant: string): string {
  return `${instant.slice(0, 16).replace('T', ' ')} UTC`;
}
