import type { MarketplacePolicy } from '@watertight/marketplaces';
import type { Cause } from '../exceptions/cause.ts';
import { judgeSilence, type OrderHistory, type Silence } from './judge-silence.ts';
import type { SilenceStore } from './silence.store.ts';

/** Histories are four weeks of orders, and half a minute changes nothing of them: they are not read at every pass. */
const KEPT_MS = 30_000;

/** Says which marketplaces have gone quiet against their own history: for the desk, and for alerts. */
export class WatchSilence {
  #kept: { readonly atMs: number; readonly histories: ReadonlyMap<string, OrderHistory> } | undefined;

  constructor(
    private readonly store: Pick<SilenceStore, 'histories'>,
    private readonly policies: readonly Pick<MarketplacePolicy, 'id'>[],
  ) {}

  /** By marketplace. Of one that is not configured any more nobody expects orders. */
  async silences(now: Date): Promise<ReadonlyMap<string, Silence>> {
    const histories = await this.#histories(now);
    return new Map(
      this.policies.flatMap(({ id }): [string, Silence][] => {
        const history = histories.get(id);
        const silence = history === undefined ? null : judgeSilence(history, now);
        return silence === null ? [] : [[id, silence]];
      }),
    );
  }

  /** What the silences are as exceptions. */
  async causes(now: Date): Promise<Cause[]> {
    return [...(await this.silences(now))].map(([id, silence]) => causeOf(id, silence));
  }

  async #histories(now: Date): Promise<ReadonlyMap<string, OrderHistory>> {
    const kept = this.#kept;
    if (kept !== undefined && Math.abs(now.getTime() - kept.atMs) < KEPT_MS) return kept.histories;
    const histories = await this.store.histories(now);
    this.#kept = { atMs: now.getTime(), histories };
    return histories;
  }
}

function causeOf(marketplaceId: string, { lastOrderAt, expected }: Silence): Cause {
  return {
    about: `${marketplaceId}:source`,
    reason: 'source.quiet',
    origin: 'source',
    marketplaceId,
    orderKey: null,
    bucket: null,
    stage: null,
    detail: `The last order was placed ${lastOrderAt}; by the habit of the last weeks ${expected} more would have come`,
    amount: null,
    orders: 0,
    since: lastOrderAt,
  };
}
