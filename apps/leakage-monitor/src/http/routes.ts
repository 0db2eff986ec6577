import { accessRoutes } from '../access/access.api.ts';
import { backfillRoutes } from '../backfills/backfills.api.ts';
import { balanceRoutes } from '../balance/balance.api.ts';
import { commandRoutes } from '../commands/commands.api.ts';
import { contactClaimRoutes } from '../contact-claims/contact-claims.api.ts';
import { erasureRoutes } from '../erasures/erasures.api.ts';
import { exceptionRoutes } from '../exceptions/exception-actions.api.ts';
import { liveRoutes } from '../live/live.api.ts';
import { orderRoutes } from '../orders/orders.api.ts';
import { reportRoutes } from '../reports.routes.ts';
import type { ApiRoute } from './route.ts';

/**
 * Every call of the API. The document (openapi.json, by `npm run generate`) and the check of roles are made from it: a
 * handler under /api/v1 that is not here does not start.
 */
export const ROUTES: readonly ApiRoute[] = [
  ...balanceRoutes,
  ...orderRoutes,
  ...exceptionRoutes,
  ...commandRoutes,
  ...contactClaimRoutes,
  ...erasureRoutes,
  ...backfillRoutes,
  ...reportRoutes,
  ...accessRoutes,
  ...liveRoutes,
];
