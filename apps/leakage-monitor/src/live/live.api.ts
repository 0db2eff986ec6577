import { Type } from 'typebox';
import type { ApiRoute } from '../http/route.ts';

export const liveRoutes: readonly ApiRoute[] = [
  {
    id: 'watchLive',
    method: 'GET',
    path: '/live',
    summary:
      'Server-sent events: `balance` (a Balance) at once and whenever it changes, `exceptions` when the desk changed, `alive` while nothing does, `unavailable` while the ledger cannot be read',
    role: 'viewer',
    answer: Type.String(),
    answerType: 'text/event-stream',
  },
];
