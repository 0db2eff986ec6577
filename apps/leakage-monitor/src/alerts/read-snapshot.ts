import type { AlertsPolicy, MarketplacePolicy } from '@watertight/marketplaces';
import type { Clock } from '@watertight/service';
import type { BalanceStore } from '../balance/balance.store.ts';
import type { ContactQualityStore, DayContacts } from '../marketplaces/contact-quality.store.ts';
import { currentFailure, judgeHealth, staleSince } from '../marketplaces/judge-health.ts';
import { shareContacts } from '../marketplaces/share-contacts.ts';
import type { LaneLooker } from '../operations/lane-looker.ts';
import { judgeDrift } from '../silence/judge-drift.ts';
import { judgeSilence } from '../silence/judge-silence.ts';
import type { SilenceStore } from '../silence/silence.store.ts';
import type { AlertSnapshot } from './alert-snapshot.ts';
import type { SnapshotStore } from './snapshot.store.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const RECENT_DAYS = 3;
const HISTORY_DAYS = 31;

export interface SnapshotStores {
  readonly balances: Pick<BalanceStore, 'sources'>;
  readonly contacts: ContactQualityStore;
  readonly silence: SilenceStore;
  readonly snapshot: SnapshotStore;
}

/** Reads everything that the alert rules look at. */
export class ReadSnapshot {
  constructor(
    private readonly stores: SnapshotStores,
    private readonly lanes: Pick<LaneLooker, 'last'>,
    private readonly policies: readonly MarketplacePolicy[],
    private readonly thresholds: Pick<AlertsPolicy, 'contactDrop'>,
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
    const [{ states }, histories, contacts] = await Promise.all([
      this.stores.balances.sources(),
      this.stores.silence.histories(now),
      this.stores.contacts.days(null, dayBefore(now, HISTORY_DAYS - 1), dayBefore(now, 0)),
    ]);
    const firstRecent = dayBefore(now, RECENT_DAYS - 1);
    return this.policies.map(({ id, name, pollIntervalMs }) => {
      const own = contacts.filter(({ marketplaceId }) => marketplaceId === id);
      const isRecent = ({ day }: DayContacts) => day >= firstRecent;
      const recent = shareContacts(own.filter(isRecent));
      const before = shareContacts(own.filter((one) => !isRecent(one)));
      const history = histories.get(id);
      const source = states.get(id);
      return {
        id,
        name,
        health: judgeHealth(source, pollIntervalMs, now),
        staleSince: staleSince(source, pollIntervalMs, now),
        failure: currentFailure(source)?.reason ?? null,
        recentContacts: recent,
        silence: history === undefined ? null : judgeSilence(history, now),
        drift: judgeDrift(recent, before, this.thresholds.contactDrop),
      };
    });
  }
}

function dayBefore(now: Date, days: number): string {
  return new Date(now.getTime() - days * DAY_MS).toISOString().slice(0, 10);
}
