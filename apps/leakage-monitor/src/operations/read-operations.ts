import { ALL_TOPICS, deadLetterTopicName } from '@watertight/contracts';
import type { LanesLook } from '@watertight/kafka';
import type { MarketplacePolicy } from '@watertight/marketplaces';
import type { Clock } from '@watertight/service';
import type { BalanceStore } from '../balance/balance.store.ts';
import { judgeHealth } from '../marketplaces/judge-health.ts';
import type { SourceState } from '../reconcile/source-state.ts';
import type { LaneLooker } from './lane-looker.ts';
import type { Operations } from './operations.api.ts';
import type { OperationsStore } from './operations.store.ts';

type PolledMarketplace = Pick<MarketplacePolicy, 'id' | 'name' | 'pollIntervalMs'>;

const DELIVERY_STALE_MS = 2 * 60_000;

/** Is the machinery well? */
export class ReadOperations {
  constructor(
    private readonly store: OperationsStore,
    private readonly balances: Pick<BalanceStore, 'sources'>,
    private readonly policies: readonly PolledMarketplace[],
    private readonly lanes: LaneLooker,
    private readonly clock: Clock,
  ) {}

  async read(): Promise<Operations> {
    const now = this.clock.now();
    const [{ states }, deliveries, backfills, metricCounts, minutes] = await Promise.all([
      this.balances.sources(),
      this.store.deliveryStates(),
      this.store.backfills(),
      this.store.metricCounts(),
      this.store.throughput(now),
    ]);
    const look = this.lanes.last();
    return {
      asOf: now.toISOString(),
      kafka: {
        reachable: look !== undefined && this.lanes.problem === null,
        asOf: look?.at.toISOString() ?? null,
        problem: this.lanes.problem,
      },
      lanes: lanesOf(look),
      deadLetters: deadLettersOf(look),
      delivery: deliveries.map(({ replica, body }) => deliveryOf(replica, body, now)),
      pollers: this.policies.map((policy) => pollerOf(policy, states.get(policy.id), now)),
      throughput: minutes.map(({ minute, captured, verified }) => ({
        minute: minute.toISOString(),
        captured,
        verified,
      })),
      backfills: backfills.map(backfillOf),
      metricCounts: metricCounts.map(({ metric, day, klaviyoEvents, deliveredEvents }) => ({
        metric,
        day,
        klaviyoEvents,
        deliveredEvents,
        difference: deliveredEvents - klaviyoEvents,
      })),
    };
  }
}

function pollerOf(
  { id, name, pollIntervalMs }: PolledMarketplace,
  source: SourceState | undefined,
  now: Date,
): Operations['pollers'][number] {
  const { replica, completedAt, leaseUntil } = source?.lastPoll ?? {};
  return {
    marketplaceId: id,
    name,
    health: judgeHealth(source, pollIntervalMs, now),
    replica: replica ?? null,
    polledAt: completedAt ?? null,
    leaseUntil: leaseUntil ?? null,
  };
}

function lanesOf(look: LanesLook | undefined): Operations['lanes'] {
  return (look?.lanes ?? []).map(({ group, topic, partitions }) => ({
    group,
    topic,
    messages: partitions.reduce((sum, { messages }) => sum + messages, 0),
    seconds: Math.max(0, ...partitions.map(({ seconds }) => seconds)),
    partitions: partitions.map(({ partition, messages, seconds }) => ({ partition, messages, seconds })),
  }));
}

function deadLettersOf(look: LanesLook | undefined): Operations['deadLetters'] {
  const sources = new Map(
    ALL_TOPICS.flatMap(({ name, groups }) =>
      groups.map((group) => [deadLetterTopicName(name, group), { source: name, group }] as const),
    ),
  );
  return (look?.deadLetters ?? []).flatMap(({ topic, messages }) => {
    const from = sources.get(topic);
    return from === undefined ? [] : [{ topic, messages, ...from }];
  });
}

type DeliveryBody = Awaited<ReturnType<OperationsStore['deliveryStates']>>[number]['body'];

function deliveryOf(replica: string, body: DeliveryBody, now: Date): Operations['delivery'][number] {
  const { at, quotaShare, pausedUntil, inDoubt, awaitingReadBack, newProfilesToday, newProfilesThisMonth } =
    body;
  return {
    replica,
    at,
    stale: now.getTime() - Date.parse(at) > DELIVERY_STALE_MS,
    quotaShare,
    windows: body.windows.map((window) => ({
      ...window,
      share: window.limit === 0 ? null : window.used / window.limit,
    })),
    pausedUntil,
    inDoubt,
    awaitingReadBack,
    newProfilesToday,
    newProfilesThisMonth,
  };
}

type Backfill = Awaited<ReturnType<OperationsStore['backfills']>>[number];

function backfillOf(word: Backfill): Operations['backfills'][number] {
  const { backfillId, marketplaceId, state, dryRun, from, to, requestedBy, startedAt, at } = word;
  const { ordersTotal, ordersSeen, ordersPublished, finishesAt, detail } = word;
  return {
    backfillId,
    marketplaceId,
    state,
    dryRun,
    from,
    to,
    requestedBy,
    startedAt,
    updatedAt: at,
    ordersTotal,
    ordersSeen,
    ordersPublished,
    progress: ordersTotal === null || ordersTotal === 0 ? null : Math.min(1, ordersSeen / ordersTotal),
    finishesAt,
    detail,
  };
}
