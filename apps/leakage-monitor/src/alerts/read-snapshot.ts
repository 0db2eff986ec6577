import type { MarketplacePolicy } from '@watertight/marketplaces';
import type { Clock } from '@watertight/service';
import type { BalanceStore } from '../balance/balance.store.ts';
import { currentFailure, judgeHealth, staleSince } from '../marketplaces/judge-health.ts';
import type { LaneLooker } from '../operations/lane-looker.ts';
import type { WatchSilence } from '../silence/watch-silence.ts';
import type { WatchDrift } from '../silence/watch-drift.ts';
import type { AlertSnapshot } from './alert-snapshot.ts';
import type { SnapshotStore } from './snapshot.store.ts';

export interface SnapshotStores {
  readonly balances: Pick<BalanceStore, 'sources'>;
  readonly drift: Pick<WatchDrift, 'drifts'>;
  readonly silence: Pick<WatchSilence, 'silences'>;
  readonly snapshot: SnapshotStore;
}

/** Reads everything that the alert rules look at. */
export class ReadSnapshot {
  constructor(
    private readonly stores: SnapshotStores,
    private readonly lanes: Pick<LaneLooker, 'last'>,
    private readonly policies: readonly MarketplacePolicy[],
    private readonly clock: Clock,
  ) {}

  async read(): Promise<AlertSnapshot> {
    const now = this.clock.now();
    const { snapshot } = this.stores;
    const [marketplaces, risks, overdue, quota] = await Promise.all([
      this.#marketplaces(now),
      snapshot.risks(now),
      snapshot.overdue(now),
      snapshot.quota(now),
    ]);
    const look = this.lanes.last();
    return {
      now,
      marketplaces,
      risks,
      overdue,
      quota,
      lags: (look?.lanes ?? []).map(({ group, topic, partitions }) => ({
        group,
        topic,
        messages: partitions.reduce((sum, { messages }) => sum + messages, 0),
        seconds: Math.max(0, ...partitions.map(({ seconds }) => seconds)),
      })),
      deadLetters: (look?.deadLetters ?? []).map(({ topic, lastDay }) => ({ topic, lastDay })),
    };
  }

  async #marketplaces(now: Date): Promise<AlertSnapshot['marketplaces']> {
    const { balances, silence, drift } = this.stores;
    const [{ states }, silences, drifts] = await Promise.all([
      balances.sources(),
      silence.silences(now),
      drift.drifts(now),
    ]);
    return this.policies.map(({ id, name, pollIntervalMs }) => {
      const source = states.get(id);
      return {
        id,
        name,
        health: judgeHealth(source, pollIntervalMs, now),
        staleSince: staleSince(source, pollIntervalMs, now),
        failure: currentFailure(source)?.reason ?? null,
        silence: silences.get(id) ?? null,
        drifts: drifts.filter(({ marketplaceId }) => marketplaceId === id),
      };
    });
  }
}
