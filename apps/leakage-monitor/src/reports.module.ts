import type { Provider, Type } from '@nestjs/common';
import type { MarketplacesPolicy } from '@watertight/marketplaces';
import type { Database } from '@watertight/postgres';
import type { ServiceContext } from '@watertight/service';
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
import { keepRecentFacts } from './mapping/recent-facts.store.ts';
import { ConsentsStore } from './marketplaces/consents.store.ts';
import { ContactQualityStore } from './marketplaces/contact-quality.store.ts';
import { MarketplaceWordsStore } from './marketplaces/marketplace-words.store.ts';
import { MarketplacesController } from './marketplaces/marketplaces.controller.ts';
import { ReadMarketplaces } from './marketplaces/read-marketplaces.ts';
import { HoldReview } from './review/hold-review.ts';
import { ReviewController } from './review/review.controller.ts';
import { ReviewStore } from './review/review.store.ts';
import { RepeatedTask } from './schedule/repeated-task.ts';
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
];

export interface ReportParts {
  readonly database: Database;
  readonly policy: MarketplacesPolicy;
  readonly context: ServiceContext;
  readonly balances: BalanceStore;
  readonly balance: ReadBalance;
}

const CONSENT_INTERVAL_MS = 60_000;

/** Everything that reads the ledger for a report. */
export function reportProviders({ database, policy, context, balances, balance }: ReportParts): Provider[] {
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
