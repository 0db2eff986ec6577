import type { Clock } from '@watertight/service';
import type { MarketplaceName } from '../balance/read-balance.ts';
import { planWindows } from '../balance/plan-windows.ts';
import type { BalanceStore } from '../balance/balance.store.ts';
import { badRequest, notFound } from '../http/api-error.ts';
import { readRange } from '../http/read-range.ts';
import { CONTACT_CLASSES } from '../marketplaces/contact-classes.ts';
import { buildTrend } from './build-trend.ts';
import { sumAmounts } from './sum-amounts.ts';
import type { Flow, FlowLink, FlowQuery, Trend, TrendQuery } from './trend.api.ts';
import type { FlowPart, TrendStore } from './trend.store.ts';
import { weekOf, weeksUpTo } from './week.ts';

const WEEKS_DEFAULT = 12;
const WEEKS_MAX = 53;

/** How captured, verified and recovered orders develop, and where orders went. */
export class ReadTrend {
  constructor(
    private readonly store: TrendStore,
    private readonly balances: BalanceStore,
    private readonly configured: readonly MarketplaceName[],
    private readonly clock: Clock,
  ) {}

  /** Throws ApiError for a marketplace that nobody knows. */
  async trend({ marketplace, weeks }: TrendQuery): Promise<Trend> {
    const count = weeks === undefined ? WEEKS_DEFAULT : Number(weeks);
    if (count < 1 || count > WEEKS_MAX) throw badRequest(`weeks must be from 1 to ${WEEKS_MAX}`);
    if (marketplace !== undefined) await this.#idsFor(marketplace);
    const now = this.clock.now();
    const asked = weeksUpTo(weekOf(now, 'UTC'), count, 'UTC');
    const [from, to] = [asked[0]?.from ?? '', asked.at(-1)?.to ?? ''];
    const id = marketplace ?? null;
    const [sums, recovered] = await Promise.all([
      this.store.weeks(id, from.slice(0, 10), to.slice(0, 10)),
      this.store.recovered(id, from, to),
    ]);
    return { asOf: now.toISOString(), weeks: buildTrend(asked, sums, recovered, now) };
  }

  /** At the settled cut of each marketplace, as the balance is. Throws ApiError as `trend`. */
  async flow(query: FlowQuery): Promise<Flow> {
    const range = readRange(query);
    const ids = await this.#idsFor(query.marketplace);
    const { states, folded } = await this.balances.sources();
    const parts = await this.store.flow(planWindows(ids, states, folded, range));
    return {
      asOf: this.clock.now().toISOString(),
      from: range.from,
      to: range.to,
      links: this.#links(parts),
    };
  }

  #links(parts: readonly FlowPart[]): FlowLink[] {
    const groups = Map.groupBy(parts, ({ marketplaceId, contactClass, bucket }) =>
      [marketplaceId, contactClass, bucket].join('|'),
    );
    return [...groups.values()].flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const { marketplaceId, contactClass, bucket } = first;
      const name = this.configured.find(({ id }) => id === marketplaceId)?.name ?? marketplaceId;
      const known = CONTACT_CLASSES.find((one) => one === contactClass) ?? 'unknown';
      return [{ marketplaceId, marketplaceName: name, contactClass: known, bucket, ...sumAmounts(group) }];
    });
  }

  async #idsFor(wanted: string | undefined): Promise<string[]> {
    const known = new Set([
      ...this.configured.map(({ id }) => id),
      ...(await this.balances.marketplaceIds()),
    ]);
    if (wanted === undefined) return [...known].sort();
    if (!known.has(wanted))
      throw notFound(`There is no marketplace "${wanted}"; GET /api/v1/marketplaces lists them`);
    return [wanted];
  }
}
