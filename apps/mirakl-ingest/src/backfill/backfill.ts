import type { BackfillProgress, BackfillState } from '@watertight/contracts';
import { EMPTY_TALLY, klaviyoSeconds, moneyOf, type Tally } from './tally.ts';

/** Where the reading of a slice stands. */
export interface SlicePosition {
  readonly route: 'export' | 'listing';
  /** The export under way at Mirakl; null before it was asked for. */
  readonly trackingId: string | null;
  /** Number of the file being read, and how many of its orders have been captured. */
  readonly file: number;
  readonly done: number;
  /** The next page of a listing; null for the first. */
  readonly cursor: string | null;
}

export const AT_EXPORT: SlicePosition = { route: 'export', trackingId: null, file: 0, done: 0, cursor: null };
export const AT_LISTING: SlicePosition = { ...AT_EXPORT, route: 'listing' };

/** How far a backfill has come; kept in the database, so that it goes on after a crash. */
export interface Advance {
  readonly startedAt: Date | null;
  readonly ordersTotal: number | null;
  /** Number of the slice being read. */
  readonly slice: number;
  readonly position: SlicePosition;
  readonly tally: Tally;
  /** What had been seen when the slice began: a slice that has to be read again counts once. */
  readonly tallyAtSlice: Tally;
}

export const NOT_BEGUN: Advance = {
  startedAt: null,
  ordersTotal: null,
  slice: 0,
  position: AT_EXPORT,
  tally: EMPTY_TALLY,
  tallyAtSlice: EMPTY_TALLY,
};

export interface Backfill {
  readonly backfillId: string;
  readonly marketplaceId: string;
  readonly since: Date;
  readonly until: Date;
  readonly dryRun: boolean;
  readonly requestedBy: string;
  readonly state: BackfillState;
  readonly advance: Advance;
  readonly detail: string | null;
}

/** The one that a marketplace's first start asks for by itself. */
export function firstBackfillId(marketplaceId: string): string {
  return `first:${marketplaceId}`;
}

/** How fast it goes since this process took it up. */
export interface Pace {
  readonly since: Date;
  readonly seenBefore: number;
}

/** When the last order will have been read, if it goes on as it does; null while nothing can be said. Pure. */
export function estimateEnd({ advance }: Pick<Backfill, 'advance'>, pace: Pace, now: Date): Date | null {
  const { ordersTotal, tally } = advance;
  const seen = tally.seen - pace.seenBefore;
  const elapsedMs = now.getTime() - pace.since.getTime();
  if (ordersTotal === null || seen <= 0 || elapsedMs <= 0) return null;
  const leftMs = (Math.max(ordersTotal - tally.seen, 0) * elapsedMs) / seen;
  return new Date(now.getTime() + Math.round(leftMs));
}

/** What is said of a backfill as it stands. Pure. */
export function backfillWord(backfill: Backfill, at: Date, finishesAt: Date | null): BackfillProgress {
  const { backfillId, marketplaceId, state, dryRun, since, until, requestedBy, advance, detail } = backfill;
  const { startedAt, ordersTotal, tally, position } = advance;
  const isReading = startedAt !== null;
  return {
    kind: 'backfill',
    outcomeId: `${backfillId}:${state}:${at.toISOString()}`,
    backfillId,
    marketplaceId,
    at: at.toISOString(),
    state,
    dryRun,
    from: since.toISOString(),
    to: until.toISOString(),
    requestedBy,
    startedAt: startedAt?.toISOString() ?? null,
    ordersTotal,
    ordersSeen: tally.seen,
    ordersPublished: tally.published,
    money: moneyOf(tally),
    klaviyoSeconds: klaviyoSeconds(tally, ordersTotal),
    finishesAt: finishesAt?.toISOString() ?? null,
    route: isReading ? position.route : null,
    detail: detail?.slice(0, 2_000) ?? null,
  };
}
