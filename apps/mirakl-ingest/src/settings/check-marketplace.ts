import type { Finding, MarketplaceSettings } from '@watertight/contracts';
import type { MarketplacePolicy } from '@watertight/marketplaces';
import type { Clock } from '@watertight/service';
import { MiraklError } from '../mirakl/mirakl-errors.ts';
import type { MiraklSource } from '../mirakl/mirakl-source.ts';
import { checksOf, type Confirmed, decideSettings, type SettingsDecision } from './decide-settings.ts';
import type { Check, SourceSettings } from './source-settings.ts';

export interface MarketplaceChecked {
  readonly settings: SourceSettings;
  readonly decision: SettingsDecision;
  readonly checks: readonly Check[];
}

/**
 * Reads how the marketplace is set up and says what is wrong with it, in a sentence for each check; the service does so
 * at its start and daily, the doctor at any time. Throws MiraklError when Mirakl does not answer at all.
 */
export async function checkMarketplace(
  marketplace: MarketplacePolicy,
  { source, clock }: { readonly source: MiraklSource; readonly clock: Clock },
  before: Confirmed | null,
  signal: AbortSignal,
): Promise<MarketplaceChecked> {
  const settings = await source.readSettings(signal);
  const decision = decideSettings(marketplace, settings, before);
  const orders = await checkOrders(marketplace, source, clock.now(), signal);
  return { settings, decision, checks: [orders, ...checksOf(marketplace, settings, decision.changed)] };
}

/** The one call that everything else rests on. */
async function checkOrders(
  { backfillFrom }: MarketplacePolicy,
  source: MiraklSource,
  now: Date,
  signal: AbortSignal,
): Promise<Check> {
  const since = backfillFrom.toISOString().slice(0, 10);
  if (backfillFrom >= now) {
    return { check: 'orders', result: 'warning', detail: `backfillFrom is ${since}, which is still to come` };
  }
  try {
    const counted = await source.countOrdersCreated(backfillFrom, now, signal);
    if (counted === null) {
      const detail = `orders are read since ${since}; this API gives no count to hold them against, so the daily sweep is the only audit`;
      return { check: 'orders', result: 'warning', detail };
    }
    return { check: 'orders', result: 'ok', detail: `${counted.orders} orders since ${since}` };
  } catch (error) {
    if (!(error instanceof MiraklError) || error.isPassing) throw error;
    return { check: 'orders', result: 'problem', detail: error.message };
  }
}

export function findingOf(marketplaceId: string, at: Date, { check, result, detail }: Check): Finding {
  return {
    kind: 'finding',
    outcomeId: `ingest:finding:${marketplaceId}:${check}`,
    stage: 'ingest',
    marketplaceId,
    at: at.toISOString(),
    check,
    result,
    detail: detail.slice(0, 2_000),
  };
}

export function settingsWord(marketplaceId: string, settings: SourceSettings): MarketplaceSettings {
  const { answeredAt, checks: _checks, channels, reasons, features, ...identity } = settings;
  const at = answeredAt.toISOString();
  return {
    kind: 'marketplace_settings',
    outcomeId: `${marketplaceId}:settings:${at}`,
    marketplaceId,
    at,
    ...identity,
    channels: [...channels],
    reasons: [...reasons],
    features: { ...features },
  };
}
