import type { Backfill } from './backfill-api.ts';

const endedStates: readonly string[] = ['done', 'cancelled', 'failed'];

export function hasEnded({ state }: Pick<Backfill, 'state'>): boolean {
  return endedStates.includes(state);
}

/**
 * How far it is, in one line, as it was when the system told of it: counting the time down from there would show
 * progress where there is none.
 */
export function progressLine(backfill: Backfill): string {
  const { at, state, ordersSeen, ordersTotal, detail, finishesAt, route } = backfill;
  const share = ordersTotal === null || ordersTotal === 0 ? '' : ` of ${ordersTotal}`;
  const by = route === null ? '' : ` by ${route}`;
  const left =
    finishesAt === null ? '' : `, about ${duration((Date.parse(finishesAt) - Date.parse(at)) / 1_000)} to go`;
  const why = detail === null ? '' : `: ${detail}`;
  return `${state}, ${ordersSeen}${share} orders${by}${left}${why}`;
}

/** What came of it, in sentences. */
export function summaryOf(backfill: Backfill): string {
  const { state, ordersSeen, money, klaviyoSeconds, detail } = backfill;
  const sums = money.map(({ amount, currency }) => `  ${amount} ${currency}`);
  const klaviyo =
    klaviyoSeconds === null || ordersSeen === 0
      ? []
      : [`Klaviyo takes about ${duration(klaviyoSeconds)} for them at its own limit.`];
  const ending = state === 'done' ? [] : [`It ended as ${state}${detail === null ? '.' : `: ${detail}`}`];
  return [whatWasRead(backfill), ...sums, ...klaviyo, ...ending].join('\n');
}

function whatWasRead({ state, dryRun, ordersSeen, ordersPublished }: Backfill): string {
  if (ordersSeen === 0) return state === 'done' ? 'There are no orders in that span.' : 'No order was read.';
  if (dryRun) return `${ordersSeen} orders would be read; nothing was published.`;
  return `${ordersSeen} orders were read, ${ordersPublished} of them were new or had changed.`;
}

/** One block for each, the newest first. */
export function listOf(backfills: readonly Backfill[]): string {
  if (backfills.length === 0) return 'There has been no backfill.';
  const day = (instant: string): string => instant.slice(0, 10);
  return backfills
    .map((one) => {
      const what = `${one.marketplaceId}, ${day(one.from)} to ${day(one.to)}${one.dryRun ? ', dry run' : ''}`;
      return `${one.backfillId}\n  ${what}\n  ${progressLine(one)}`;
    })
    .join('\n');
}

function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 120) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
