export interface Period {
  readonly from: string;
  readonly to: string;
}

export const PERIODS = {
  all: 'All time',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  '12w': 'Last 12 weeks',
  month: 'This month',
  before: 'Last month',
  custom: 'Chosen days',
} as const;
export type PeriodName = keyof typeof PERIODS;

export function isPeriodName(text: string): text is PeriodName {
  return Object.hasOwn(PERIODS, text);
}

const DAY_MS = 86_400_000;

/** First and last day (UTC, YYYY-MM-DD, both included) of a named period; both empty for all time. */
export function periodOf(name: Exclude<PeriodName, 'custom'>, now: Date): Period {
  const back = (days: number): Period => ({
    from: dayOf(new Date(now.getTime() - (days - 1) * DAY_MS)),
    to: dayOf(now),
  });
  const year = now.getUTCFullYear();
  const month = now.getUTCMonth();
  switch (name) {
    case 'all':
      return { from: '', to: '' };
    case '7d':
      return back(7);
    case '30d':
      return back(30);
    case '12w':
      return back(84);
    case 'month':
      return { from: dayOf(new Date(Date.UTC(year, month, 1))), to: dayOf(now) };
    case 'before':
      return {
        from: dayOf(new Date(Date.UTC(year, month - 1, 1))),
        to: dayOf(new Date(Date.UTC(year, month, 0))),
      };
  }
}

/** The name of a period that somebody was sent, or `custom`. */
export function nameOfPeriod(period: Period, now: Date): PeriodName {
  const names = ['all', '7d', '30d', '12w', 'month', 'before'] as const;
  return (
    names.find((name) => {
      const { from, to } = periodOf(name, now);
      return from === period.from && to === period.to;
    }) ?? 'custom'
  );
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
