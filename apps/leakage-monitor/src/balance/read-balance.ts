import { type Bucket, BUCKET_MEANINGS } from '@watertight/contracts';
import type { Clock } from '@watertight/service';
import { DEFINITIONS } from '../definitions.ts';
import { notFound } from '../http/api-error.ts';
import { readRange } from '../http/read-range.ts';
import { balanceOf, type BalanceWindow, type LedgerSum } from '../ledger/balance.ts';
import { reasonWords } from '../ledger/reason-words.ts';
import type { Balance, BalanceQuery, Leak, MarketplaceBalance } from './balance.api.ts';
import type { BalanceStore } from './balance.store.ts';
import { planWindows } from './plan-windows.ts';

const { source, captured, difference, settled } = DEFINITIONS;

/** What the balance needs to know of a configured marketplace. */
export interface MarketplaceName {
  readonly id: string;
  readonly name: string;
}

export class ReadBalance {
  constructor(
    private readonly store: BalanceStore,
    private readonly configured: readonly MarketplaceName[],
    private readonly clock: Clock,
  ) {}

  /** Throws ApiError for a range that cannot be read or a marketplace that nobody knows. */
  async read(query: BalanceQuery): Promise<Balance> {
    const range = readRange(query);
    const ids = await this.#idsFor(query.marketplace);
    const { states, folded } = await this.store.sources();
    const windows = planWindows(ids, states, folded, range);
    return this.#describe(windows, await this.store.sums(windows));
  }

  async #idsFor(wanted: string | undefined): Promise<string[]> {
    const known = new Set([...this.configured.map(({ id }) => id), ...(await this.store.marketplaceIds())]);
    if (wanted === undefined) return [...known].sort();
    if (!known.has(wanted))
      throw notFound(`There is no marketplace "${wanted}"; GET /api/v1/marketplaces lists them`);
    return [wanted];
  }

  #describe(windows: readonly BalanceWindow[], sums: readonly LedgerSum[]): Balance {
    const now = this.clock.now().toISOString();
    const marketplaces = windows.map((window) => this.#describeOne(window, sums, now));
    return {
      asOf: marketplaces.map(({ asOf }) => asOf).reduce((one, other) => (one < other ? one : other), now),
      settled: marketplaces.length > 0 && marketplaces.every(({ settled }) => settled),
      ...balanceOf(windows, sums),
      leaking: leaksIn(sums),
      marketplaces,
      definitions: { ...BUCKET_MEANINGS, source, captured, difference, settled },
    };
  }

  #describeOne(window: BalanceWindow, sums: readonly LedgerSum[], now: string): MarketplaceBalance {
    const { marketplaceId, cut } = window;
    const own = sums.filter((sum) => sum.marketplaceId === marketplaceId);
    const configured = this.configured.find(({ id }) => id === marketplaceId);
    return {
      marketplaceId,
      name: configured?.name ?? marketplaceId,
      configured: configured !== undefined,
      settled: cut !== null,
      asOf: cut?.until ?? now,
      since: cut?.since ?? null,
      auditedAt: cut?.auditedAt ?? null,
      ...balanceOf([window], own),
      leaking: leaksIn(own),
    };
  }
}

/** Buckets in which an order can still become verified, or in which a person decided that it will not. */
const LEAKING: readonly Bucket[] = ['failed', 'uncaptured_contact', 'withheld', 'in_flight'];

export function leaksIn(sums: readonly LedgerSum[]): Leak[] {
  const keys = new Map(
    sums.flatMap(({ kind, reason }) =>
      kind === 'source' || !LEAKING.includes(kind) ? [] : [[`${kind}|${reason}`, { bucket: kind, reason }]],
    ),
  );
  return [...keys.values()]
    .map(({ bucket, reason }): Leak => {
      const { captured } = balanceOf(
        [],
        sums.filter((sum) => sum.kind === bucket && sum.reason === reason),
      );
      const { meaning, owner, severity, whatToDo } = reasonWords(reason);
      return { bucket, reason, meaning, owner, severity, whatToDo, ...captured };
    })
    .sort(
      (one, other) =>
        LEAKING.indexOf(one.bucket) - LEAKING.indexOf(other.bucket) ||
        other.orders - one.orders ||
        one.reason.localeCompare(other.reason),
    );
}
