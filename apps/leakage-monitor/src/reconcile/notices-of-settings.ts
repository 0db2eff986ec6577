import type { MarketplaceSettings } from '@watertight/contracts';
import type { Cause } from '../exceptions/cause.ts';
import { ofMarketplace } from './causes-of-sources.ts';

const NAMES = {
  shopId: 'shop id',
  shopName: 'shop name',
  currency: 'currency',
  taxMode: 'tax mode',
  timezone: 'time zone',
} as const;

const FIELDS = ['shopId', 'shopName', 'currency', 'taxMode', 'timezone'] as const;

/** Pure. A notice that says what is set up differently; none where only the time differs. */
export function noticesOfSettings(before: MarketplaceSettings, now: MarketplaceSettings): Cause[] {
  const changes = [
    ...FIELDS.filter((field) => before[field] !== now[field]).map(
      (field) => `${NAMES[field]} was ${before[field] ?? 'not given'}, is ${now[field] ?? 'not given'}`,
    ),
    ...listChanges('channel', codesOf(before.channels), codesOf(now.channels)),
    ...listChanges('reason', codesOf(before.reasons), codesOf(now.reasons)),
    ...featureChanges(before.features, now.features),
  ];
  if (changes.length === 0) return [];
  const notice = ofMarketplace(now.marketplaceId, 'source.settings_changed', now.at, {
    detail: changes.join('; '),
  });
  return [{ ...notice, origin: 'notice' }];
}

function codesOf(list: readonly { readonly code: string }[]): string[] {
  return list.map(({ code }) => code);
}

function listChanges(what: string, before: readonly string[], now: readonly string[]): string[] {
  const come = now.filter((code) => !before.includes(code));
  const gone = before.filter((code) => !now.includes(code));
  return [
    ...(come.length === 0 ? [] : [`new ${what} ${come.join(', ')}`]),
    ...(gone.length === 0 ? [] : [`${what} ${gone.join(', ')} is gone`]),
  ];
}

function featureChanges(
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .sort()
    .filter((name) => before[name] !== now[name])
    .map((name) => `${name} was ${before[name] ?? 'not given'}, is ${now[name] ?? 'not given'}`);
}
