import { BUCKETS, formatMinor, type OwnerRole, REASON_CODES, reasonOf } from '@watertight/contracts';
import type { MarketplacePolicy } from '@watertight/marketplaces';
import type { Clock } from '@watertight/service';
import type { BalanceStore } from '../balance/balance.store.ts';
import { notFound } from '../http/api-error.ts';
import { readLimit, readRange } from '../http/read-range.ts';
import { reasonWords } from '../ledger/reason-words.ts';
import { judgeHealth } from '../marketplaces/judge-health.ts';
import { readCursor, writeCursor } from '../orders/order-cursor.ts';
import type {
  CampaignCheck,
  CampaignCheckQuery,
  CampaignOptions,
  MissingOrders,
  MissingOrdersQuery,
} from './campaign-check.api.ts';
import type { CampaignCheckStore, MissingRecord, Selection } from './campaign-check.store.ts';
import { chooseSelection } from './choose-selection.ts';
import { judgeCampaign, type SourceHealth } from './judge-campaign.ts';

const EXPORT_MAX = 50_000;
const EXPORT_PAGE = 5_000;

export type MissingOrder = MissingOrders['orders'][number];

/** "May I launch to these buyers now?" */
export class CheckCampaign {
  constructor(
    private readonly store: CampaignCheckStore,
    private readonly balances: Pick<BalanceStore, 'sources'>,
    private readonly policies: readonly MarketplacePolicy[],
    private readonly clock: Clock,
  ) {}

  /** Throws ApiError (404) for a channel that nobody knows. */
  async check(query: CampaignCheckQuery): Promise<CampaignCheck> {
    const selection = await this.#selectionFor(query);
    const [parts, usualMs, sources] = await Promise.all([
      this.store.parts(selection),
      this.store.usualMs(),
      this.#sourcesOf(selection),
    ]);
    const now = this.clock.now();
    return {
      asOf: now.toISOString(),
      ...judgeCampaign({ parts, sources, usualMs, now }),
      channel: query.channel ?? null,
      sku: query.sku ?? null,
      from: selection.from,
      to: selection.to,
    };
  }

  async options(): Promise<CampaignOptions> {
    const now = this.clock.now();
    const [named, skus] = await Promise.all([this.store.miraklChannels(now), this.store.skus(now)]);
    const channels = [...new Set([...this.policies.map(({ channel }) => channel), ...named])].sort();
    return { channels, skus };
  }

  /** Throws ApiError as `check`. */
  async missing(query: MissingOrdersQuery): Promise<MissingOrders> {
    return this.#page(query, readLimit(query.limit));
  }

  /** Every missing order, for its owner, up to a limit. Throws ApiError as `check`. */
  async allMissing(query: MissingOrdersQuery): Promise<MissingOrder[]> {
    const found: MissingOrder[] = [];
    let cursor: string | null = query.cursor ?? null;
    do {
      const page: MissingOrders = await this.#page(
        { ...query, ...(cursor === null ? {} : { cursor }) },
        EXPORT_PAGE,
      );
      found.push(...page.orders);
      cursor = page.nextCursor;
    } while (cursor !== null && found.length < EXPORT_MAX);
    return found;
  }

  async #page(query: MissingOrdersQuery, limit: number): Promise<MissingOrders> {
    const selection = await this.#selectionFor(query);
    const records = await this.store.missing({
      selection,
      reason: query.reason ?? null,
      notReasons: query.owner === undefined ? [] : reasonsOfOthers(query.owner),
      after: query.cursor === undefined ? undefined : readCursor(query.cursor),
      limit: limit + 1,
    });
    const page = records.slice(0, limit);
    const last = page.at(-1);
    const more = records.length > limit && last !== undefined && last.created_at !== null;
    return {
      orders: page.map((record) => missingOrder(record, this.clock.now())),
      nextCursor: more
        ? writeCursor({ createdAt: last.created_at.toISOString(), orderKey: last.order_key })
        : null,
    };
  }

  async #selectionFor(query: CampaignCheckQuery): Promise<Selection> {
    const named = query.channel === undefined ? [] : await this.store.miraklChannels(this.clock.now());
    const { channel, sku } = query;
    const selection = chooseSelection({ channel, sku }, readRange(query), this.policies, named);
    if (selection === undefined)
      throw notFound(`There is no channel "${channel ?? ''}"; GET /api/v1/campaign-check/options lists them`);
    return selection;
  }

  async #sourcesOf({ marketplaceIds }: Selection): Promise<SourceHealth[]> {
    const { states } = await this.balances.sources();
    const now = this.clock.now();
    return this.policies
      .filter(({ id }) => marketplaceIds === null || marketplaceIds.includes(id))
      .map(({ id, name, pollIntervalMs }) => ({
        marketplaceId: id,
        name,
        health: judgeHealth(states.get(id), pollIntervalMs, now),
        lastCompletePollAt: states.get(id)?.lastPoll?.completedAt ?? null,
      }));
  }
}

/** A reason that this version does not know is nobody else's, so it is in every owner's list rather than in none. */
function reasonsOfOthers(owner: OwnerRole): string[] {
  return REASON_CODES.filter((code) => reasonOf(code).owner !== owner);
}

function missingOrder(record: MissingRecord, now: Date): MissingOrder {
  const { owner, meaning, whatToDo } = reasonWords(record.reason ?? '');
  const ageMs = record.since === null ? 0 : now.getTime() - record.since.getTime();
  const { amount_minor: minor, currency } = record;
  return {
    orderKey: record.order_key,
    marketplaceId: record.marketplace_id,
    orderId: record.order_id,
    createdAt: record.created_at?.toISOString() ?? null,
    bucket: BUCKETS.find((bucket) => bucket === record.bucket) ?? 'failed',
    reason: record.reason,
    meaning,
    ageSeconds: record.since === null ? null : Math.max(0, Math.floor(ageMs / 1_000)),
    amount:
      minor === null || currency === null ? null : { amount: formatMinor(Number(minor), currency), currency },
    owner,
    whatToDo,
  };
}
