import type { MarketplacePolicy } from '@watertight/marketplaces';
import type { ConsentRow } from './consents.store.ts';
import type { MarketplaceWords } from './marketplace-words.store.ts';
import type { ConsentFigures, Marketplace } from './marketplaces.api.ts';

/** Mirakl's limits for listing orders: once a minute for a seller, once in 15 minutes for an external partner (OR11). */
const POLL_FLOOR_MS = { seller: 60_000, partner: 15 * 60_000 } as const;

export function pollFloorMs(policy: MarketplacePolicy | undefined): number | null {
  return policy === undefined ? null : POLL_FLOOR_MS[policy.persona];
}

/** marketplaces.yaml as loaded, without credentials. Pure. */
export function policyOf(policy: MarketplacePolicy | undefined): Marketplace['policy'] {
  if (policy === undefined) return null;
  const { baseUrl, shopId, persona, orderTaxMode, timezone, deliver, contact } = policy;
  return {
    baseUrl,
    shopId,
    persona,
    orderTaxMode,
    backfillFrom: policy.backfillFrom.toISOString(),
    timezone,
    deliver,
    contactUse: contact.use,
    emailFrom: [...contact.emailFrom],
    relayDomains: [...contact.relayDomains],
    attributes: policy.attributes.map(({ from, to, on, as }) => ({ from, to, on, as })),
    owners: Object.fromEntries(
      Object.entries(policy.owners).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
  };
}

const RESULTS = ['problem', 'warning', 'ok'];

/** What was said of one marketplace as a whole. Pure. */
export function wordsOf(
  marketplaceId: string,
  words: MarketplaceWords,
): Pick<Marketplace, 'settings' | 'findings' | 'unknownValues'> {
  const settings = words.settings.find((word) => word.marketplaceId === marketplaceId);
  return {
    settings: settings === undefined ? null : settingsOf(settings),
    findings: words.findings
      .filter((word) => word.marketplaceId === marketplaceId)
      .map(({ check, stage, result, detail, at }) => ({ check, stage, result, detail, at }))
      .sort((one, other) => RESULTS.indexOf(one.result) - RESULTS.indexOf(other.result)),
    unknownValues: words.unknownValues
      .filter((word) => word.marketplaceId === marketplaceId)
      .map(({ field, value, count, at }) => ({ field, value, count, lastSeenAt: at }))
      .sort((one, other) => other.count - one.count),
  };
}

function settingsOf(word: MarketplaceWords['settings'][number]): NonNullable<Marketplace['settings']> {
  const { at, shopId, shopName, currency, taxMode, timezone, channels, reasons, features } = word;
  return { at, shopId, shopName, currency, taxMode, timezone, channels, reasons, features };
}

const NOBODY: ConsentFigures = {
  buyers: 0,
  known: 0,
  subscribed: 0,
  neverSubscribed: 0,
  unsubscribed: 0,
  suppressed: 0,
  mailable: 0,
  optInRate: null,
  asOf: null,
};

/** Pure. Without anybody whose consent is known there is no rate, which is not a rate of 0. */
export function consentFiguresOf(row: ConsentRow | undefined): ConsentFigures {
  if (row === undefined) return NOBODY;
  const { marketplaceId: _id, day: _day, asOf, ...counts } = row;
  return {
    ...counts,
    optInRate: row.known === 0 ? null : row.mailable / row.known,
    asOf: asOf?.toISOString() ?? null,
  };
}
