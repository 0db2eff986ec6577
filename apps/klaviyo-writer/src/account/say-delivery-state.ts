import type { DeliveryState } from '@watertight/contracts';
import type { Clock } from '@watertight/service';
import type { SayWords } from '../delivery/say-words.ts';
import type { AccountLimiter } from '../limiter/account-limiter.ts';
import { QUOTAS } from '../limiter/quotas.ts';
import type { AccountStore } from './account.store.ts';

export interface DeliveryStateOptions {
  readonly store: AccountStore;
  readonly words: SayWords;
  readonly limiter: AccountLimiter;
  readonly clock: Clock;
  readonly replica: string;
  /** Part of the account's quota that is ours, from 0 to 1. */
  readonly share: number;
}

const WINDOW_SECONDS = 60;

/** Says how delivery goes: the use of the quota, pauses, what is open. Each replica for itself. */
export class SayDeliveryState {
  constructor(private readonly options: DeliveryStateOptions) {}

  async round(): Promise<boolean> {
    await this.options.words.say([await this.state()]);
    return false;
  }

  async state(): Promise<DeliveryState> {
    const { store, limiter, clock, replica, share } = this.options;
    const now = clock.now();
    const [use, frozenUntil, open, profiles] = await Promise.all([
      store.routeUse(),
      store.frozenUntil(),
      store.openCounts(),
      store.newProfiles(now),
    ]);
    const pauses = [frozenUntil, limiter.circuitOf('bulk').pausedUntil].filter((at) => at !== null);
    const pausedUntil = pauses.length === 0 ? null : new Date(Math.max(...pauses.map((at) => at.getTime())));
    return {
      kind: 'delivery_state',
      outcomeId: `delivery_state:${replica}:${now.toISOString()}`,
      at: now.toISOString(),
      quotaShare: share,
      windows: use.map(({ route, used }) => ({
        route,
        windowSeconds: WINDOW_SECONDS,
        used,
        limit: Math.floor(minuteLimit(route) * share),
      })),
      pausedUntil: pausedUntil?.toISOString() ?? null,
      inDoubt: open.inDoubt,
      awaitingReadBack: open.awaitingReadBack,
      newProfilesToday: profiles.today,
      newProfilesThisMonth: profiles.thisMonth,
    };
  }
}

function minuteLimit(route: keyof typeof QUOTAS): number {
  return QUOTAS[route].find(({ windowMs }) => windowMs === WINDOW_SECONDS * 1_000)?.requests ?? 0;
}
