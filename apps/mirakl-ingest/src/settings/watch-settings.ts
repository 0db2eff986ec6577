import type { MarketplacePolicy } from '@watertight/marketplaces';
import type { Clock } from '@watertight/service';
import type { CaptureParts } from '../capture/publish-page.ts';
import { MiraklError } from '../mirakl/mirakl-errors.ts';
import type { MiraklSource } from '../mirakl/mirakl-source.ts';
import { publishSourceOutcome } from '../poll/source-outcomes.ts';
import { checkMarketplace, findingOf, settingsWord } from './check-marketplace.ts';
import { fingerprintOf } from './decide-settings.ts';
import { readSettingsState, saveSettingsState } from './settings.store.ts';

/** Mirakl recommends A01 and CH11 once a day. */
const CHECK_EVERY_MS = 24 * 60 * 60_000;

export interface WatchParts extends Pick<CaptureParts, 'database' | 'publisher' | 'topics'> {
  readonly source: MiraklSource;
  readonly clock: Clock;
}

/** Reads at the start, daily and when a person asks how the marketplace is set up, and keeps it from being read wrongly. */
export class SettingsWatch {
  #checkedBefore = false;

  constructor(
    private readonly marketplace: MarketplacePolicy,
    private readonly parts: WatchParts,
  ) {}

  /** Runs the checks when they are due. Errors as checkMarketplace, and RetryableError of our own parts. */
  async step(signal: AbortSignal): Promise<void> {
    const { database, publisher, topics, clock } = this.parts;
    const { id } = this.marketplace;
    const { confirmed, checkedAt, isCheckWanted } = await readSettingsState(database, id);
    const now = clock.now();
    const isDue = checkedAt === null || now.getTime() - checkedAt.getTime() >= CHECK_EVERY_MS;
    if (this.#checkedBefore && !isDue && !isCheckWanted) return;
    const { settings, decision, checks } = await checkMarketplace(
      this.marketplace,
      this.parts,
      confirmed,
      signal,
    );
    const at = settings.answeredAt;
    await publishSourceOutcome(
      publisher,
      topics,
      settingsWord(id, settings),
      ...checks.map((check) => findingOf(id, at, check)),
    );
    await saveSettingsState(database, id, { ...decision, checkedAt: now });
    this.#checkedBefore = true;
  }

  async isCheckWanted(): Promise<boolean> {
    return (await readSettingsState(this.parts.database, this.marketplace.id)).isCheckWanted;
  }

  /** Throws MiraklError while the marketplace is set up otherwise than a person confirmed. */
  async assertUnchanged(): Promise<void> {
    const { confirmed, changed } = await readSettingsState(this.parts.database, this.marketplace.id);
    if (changed === null || confirmed?.fingerprint !== fingerprintOf(this.marketplace)) return;
    throw new MiraklError('settings_changed', changed);
  }
}
