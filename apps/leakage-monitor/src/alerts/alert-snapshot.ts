import type { OwnerRole } from '@watertight/contracts';
import type { Marketplace } from '../marketplaces/marketplaces.api.ts';
import type { Silence } from '../silence/judge-silence.ts';
import type { FoundDrift } from '../silence/watch-drift.ts';

/** Money of one currency at one marketplace, of the orders of the last 30 days. Minor units. */
export interface RiskSum {
  readonly marketplaceId: string;
  readonly currency: string;
  readonly totalMinor: number;
  readonly riskMinor: number;
  readonly riskOrders: number;
}

export interface OverdueSum {
  readonly marketplaceId: string | null;
  readonly owner: OwnerRole;
  readonly overdue: number;
  readonly oldestDueAt: string;
}

export interface LagSum {
  readonly group: string;
  readonly topic: string;
  readonly messages: number;
  readonly seconds: number;
}

/** Everything the alert rules look at, as it stands at one moment. */
export interface AlertSnapshot {
  readonly now: Date;
  readonly marketplaces: readonly {
    readonly id: string;
    readonly name: string;
    readonly health: Marketplace['health'];
    readonly staleSince: string | null;
    readonly failure: string | null;
    readonly silence: Silence | null;
    readonly drifts: readonly FoundDrift[];
  }[];
  readonly risks: readonly RiskSum[];
  readonly overdue: readonly OverdueSum[];
  /** Empty while the brokers cannot be asked. */
  readonly lags: readonly LagSum[];
  readonly deadLetters: readonly { readonly topic: string; readonly lastDay: number }[];
  readonly quota: readonly {
    readonly replica: string;
    readonly route: string;
    readonly windowSeconds: number;
    readonly used: number;
    readonly limit: number;
  }[];
}
