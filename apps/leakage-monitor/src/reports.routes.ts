import { alertRoutes } from './alerts/alerts.api.ts';
import { campaignCheckRoutes } from './campaign-check/campaign-check.api.ts';
import { definitionRoutes } from './definitions.api.ts';
import { financeRoutes } from './finance/finance.api.ts';
import type { ApiRoute } from './http/route.ts';
import { mappingRoutes } from './mapping/mapping.api.ts';
import { marketplaceRoutes } from './marketplaces/marketplaces.api.ts';
import { operationsRoutes } from './operations/operations.api.ts';
import { reviewRoutes } from './review/review.api.ts';
import { trendRoutes } from './trend/trend.api.ts';

/** The calls that report: what the ledger holds, seen from each reader's side. */
export const reportRoutes: readonly ApiRoute[] = [
  ...definitionRoutes,
  ...marketplaceRoutes,
  ...trendRoutes,
  ...financeRoutes,
  ...campaignCheckRoutes,
  ...reviewRoutes,
  ...alertRoutes,
  ...mappingRoutes,
  ...operationsRoutes,
];
