import type { Bucket } from '@watertight/contracts';
import type { RecoveredPart, WeekPart } from './trend.store.ts';
import { sumAmounts } from './sum-amounts.ts';
import type { TrendWeek } from './trend.api.ts';
import type { Week } from './week.ts';

/** Buckets whose orders are not verified and could be. */
export const LEAKING_BUCKETS: readonly Bucket[] = ['failed', 'uncaptured_contact', 'withheld', 'in_flight'];

/** Every week, also those without orders. Pure. */
export function buildTrend(
  weeks: readonly Week[],
  sums: readonly WeekPart[],
  recovered: readonly RecoveredPart[],
  now: Date,
): TrendWeek[] {
  return weeks.map((week) => {
    const monday = week.from.slice(0, 10);
    const own = sums.filter((sum) => sum.monday === monday);
    return {
      ...week,
      complete: week.to < now.toISOString(),
      captured: sumAmounts(own),
      verified: sumAmounts(own.filter(({ bucket }) => bucket === 'verified')),
      leaking: sumAmounts(own.filter(({ bucket }) => LEAKING_BUCKETS.includes(bucket))),
      recovered: sumAmounts(recovered.filter((sum) => sum.monday === monday)),
    };
  });
}
