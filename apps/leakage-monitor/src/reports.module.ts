import type { Provider, Type } from '@nestjs/common';
import type { MarketplacesPolicy } from '@watertight/marketplaces';
import { DeadLetterReader, KafkaConnection, LaneWatch } from '@watertight/kafka';
import { type Database, Leases } from '@watertight/postgres';
import { randomUUID } from 'node:crypto';
import type { ServiceContext } from '@watertight/service';
import { AlertsController } from './alerts/alerts.controller.ts';
import { AlertsStore } from './alerts/alerts.store.ts';
import { ReadAlerts } from './alerts/read-alerts.ts';
import { ReadSnapshot } from './alerts/read-snapshot.ts';
import { SnapshotStore } from './alerts/snapshot.store.ts';
import { WatchAlerts } from './alerts/watch-alerts.ts';
import type { BalanceStore } from './balance/balance.store.ts';
import type { ReadBalance } from './balance/read-balance.ts';
import { CampaignCheckController } from './campaign-check/campaign-check.controller.ts';
import { CampaignCheckStore } from './campaign-check/campaign-check.store.ts';
import { CheckCampaign } from './campaign-check/check-campaign.ts';
import { DefinitionsController } from './definitions.controller.ts';
import { FinanceController } from './finance/finance.controller.ts';
import { FinanceStore } from './finance/finance.store.ts';
import { ReadFinance } from './finance/read-finance.ts';
import { RefundCheckStore } from './finance/refund-check.store.ts';
import { keepSalesAmounts } from './finance/sales-amount.store.ts';
import type { BatchFollower } from './ledger/batch-follower.ts';
import { CoverageStore } from './mapping/coverage.store.ts';
import { MappingController } from './mapping/mapping.controller.ts';
import { PreviewMapping } from './mapping/preview-mapping.ts';
import { keepRecentFacts, RecentFactsStore } from './mapping/recent-facts.store.ts';
import { ConsentsStore } from './marketplaces/consents.store.ts';
import { ContactQualityStore } from './marketplaces/contact-quality.store.ts';
import { MarketplaceWordsStore } from './marketplaces/marketplace-words.store.ts';
import { MarketplacesController } from './marketplaces/marketplaces.controller.ts';
import { ReadMarketplaces } from './marketplaces/read-marketplaces.ts';
import { allDeadLetterTopics, allLanes, LaneLooker } from './operations/lane-looker.ts';
import { DeadLetterDesk } from './operations/dead-letter-desk.ts';
import { OperationsController } from './operations/operations.controller.ts';
import { OperationsStore, ReplaysStore } from './operations/operations.store.ts';
import { ReadOperations } from './operations/read-operations.ts';
import { HoldReview } from './review/hold-review.ts';
import { ReviewController } from './review/review.controller.ts';
import { ReviewStore } from './review/review.store.ts';
import { RepeatedTask } from './schedule/repeated-task.ts';
import type { WatchSilence } from './silence/watch-silence.ts';
import type { WatchDrift } from './silence/watch-drift.ts';
import { ReadTrend } from './trend/read-trend.ts';
import { TrendController } from './trend/trend.controller.ts';
import { TrendStore } from './trend/trend.store.ts';

/** What the reports keep from each batch, in the transaction that folds it. */
export const reportFollowers: readonly BatchFollower[] = [keepSalesAmounts, keepRecentFacts];

export const reportControllers: readonly Type[] = [
  DefinitionsController,
  MarketplacesController,
  TrendController,
  FinanceController,
  CampaignCheckController,
  ReviewController,
  AlertsController,
  MappingController,
  OperationsController,
];

export interface ReportParts {
  readonly database: Database;
  readonly policy: MarketplacesPolicy;
  readonly context: ServiceContext;
  readonly balances: BalanceStore;
  readonly balance: ReadBalance;
  /** What is amiss with a marketplace against its own history; the desk looks by the same. */
  readonly silence: WatchSilence;
  readonly drift: WatchDrift;
}

const CONSENT_INTERVAL_MS = 60_000;
const LANES_INTERVAL_MS = 10_000;
const ALERTS_INTERVAL_MS = 15_000;
/** Longer than a look with a mail server that does not answer. */
const ALERTS_LEASE_MS = 120_000;

/** Everything that reads the ledger for a report. */
export function reportProviders(parts: ReportParts): Provider[] {
  const { database, policy, context, balances, balance } = parts;
  const { clock, logger } = context;
  const { marketplaces } = policy;
  const consents = new ConsentsStore(database);
  const stores = {
    balances,
    consents,
    contacts: new ContactQualityStore(database),
    words: new MarketplaceWordsStore(database),
  };
  const refunds = new RefundCheckStore(database);
  const trends = new TrendStore(database);
  const reviews = { reviews: new ReviewStore(database), balances, trends };
  return [
    { provide: ReadMarketplaces, useValue: new ReadMarketplaces(stores, balance, marketplaces, clock) },
    {
      provide: ReadTrend,
      useValue: new ReadTrend(trends, balances, marketplaces, clock),
    },
    {
      provide: ReadFinance,
      useValue: new ReadFinance(new FinanceStore(database), refunds, balances, marketplaces, clock),
    },
    {
      provide: CheckCampaign,
      useValue: new CheckCampaign(new CampaignCheckStore(database), balances, marketplaces, clock),
    },
    {
      provide: HoldReview,
      useValue: new HoldReview(reviews, policy.review, marketplaces, clock),
    },
    {
      provide: PreviewMapping,
      useValue: new PreviewMapping(
        new CoverageStore(database),
        new RecentFactsStore(database),
        marketplaces,
        clock,
      ),
    },
    ...operationProviders(parts),
    ...alertProviders(parts),
    {
      provide: 'consent-days',
      useValue: new RepeatedTask({
        name: 'counting consents',
        intervalMs: CONSENT_INTERVAL_MS,
        run: () => consents.countInto(clock.now().toISOString().slice(0, 10)),
        clock,
        logger,
      }),
    },
  ];
}

function operationProviders({ database, policy, context, balances }: ReportParts): Provider[] {
  const { clock, logger } = context;
  const store = new OperationsStore(database);
  return [
    {
      provide: LaneWatch,
      useFactory: (connection: KafkaConnection) =>
        new LaneWatch(connection, clock, allLanes(), allDeadLetterTopics()),
      inject: [KafkaConnection],
    },
    {
      provide: LaneLooker,
      useFactory: (watch: LaneWatch) => new LaneLooker(watch, clock),
      inject: [LaneWatch],
    },
    {
      provide: 'looking-at-lanes',
      useFactory: (lanes: LaneLooker) =>
        new RepeatedTask({
          name: 'looking at the lanes',
          intervalMs: LANES_INTERVAL_MS,
          run: () => lanes.look(),
          clock,
          logger,
        }),
      inject: [LaneLooker],
    },
    {
      provide: ReadOperations,
      useFactory: (lanes: LaneLooker) =>
        new ReadOperations(store, balances, policy.marketplaces, lanes, clock),
      inject: [LaneLooker],
    },
    {
      provide: DeadLetterReader,
      useFactory: (connection: KafkaConnection) => new DeadLetterReader(connection, clock),
      inject: [KafkaConnection],
    },
    {
      provide: DeadLetterDesk,
      useFactory: (reader: DeadLetterReader) => new DeadLetterDesk(reader, new ReplaysStore(database), clock),
      inject: [DeadLetterReader],
    },
  ];
}

function alertProviders({ database, policy, context, balances, silence, drift }: ReportParts): Provider[] {
  const { clock, logger } = context;
  const store = new AlertsStore(database);
  const stores = {
    balances,
    silence,
    drift,
    snapshot: new SnapshotStore(database),
  };
  return [
    {
      provide: WatchAlerts,
      useFactory: (lanes: LaneLooker) => {
        const snapshots = new ReadSnapshot(stores, lanes, policy.marketplaces, clock);
        const leases = new Leases(database, randomUUID(), ALERTS_LEASE_MS);
        return new WatchAlerts({ store, snapshots, lanes, leases, clock }, policy.alerts);
      },
      inject: [LaneLooker],
    },
    {
      provide: ReadAlerts,
      useFactory: (watch: WatchAlerts) => new ReadAlerts(store, watch, policy.alerts, clock),
      inject: [WatchAlerts],
    },
    {
      provide: 'watching-for-alerts',
      useFactory: (watch: WatchAlerts) =>
        new RepeatedTask({
          name: 'watching for alerts',
          intervalMs: ALERTS_INTERVAL_MS,
          run: () => watch.look(),
          clock,
          logger,
        }),
      inject: [WatchAlerts],
    },
  ];
}
