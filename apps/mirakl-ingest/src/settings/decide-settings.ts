import type { MarketplacePolicy } from '@watertight/marketplaces';
import { sha256 } from '../capture/content-hash.ts';
import type { Check, SourceSettings } from './source-settings.ts';

/** What must not change behind our back: each decides which orders are read, or what their amounts mean. */
export interface Identity {
  readonly shopId: string | null;
  readonly currency: string | null;
  readonly taxMode: string | null;
}

export interface Confirmed {
  readonly identity: Identity;
  /** The file's entry it was confirmed under. */
  readonly fingerprint: string;
}

export type SettingsPolicy = Pick<
  MarketplacePolicy,
  'id' | 'api' | 'baseUrl' | 'shopId' | 'orderTaxMode' | 'currency'
>;

export interface SettingsDecision {
  /** What is remembered from now on. */
  readonly confirmed: Confirmed;
  /** What differs, as a sentence; null when the marketplace may be read. */
  readonly changed: string | null;
}

/** What of the file's entry a person changes to say that a change at the marketplace is wanted. */
export function fingerprintOf({ api, baseUrl, shopId, orderTaxMode, currency }: SettingsPolicy): string {
  return sha256(JSON.stringify([api, baseUrl, shopId, orderTaxMode, currency ?? null]));
}

/**
 * Holds what the marketplace says of itself beside what it said when a person set it up. Another shop, currency or tax
 * mode stops it: the same order would then be counted twice, or its amounts would mean something else. An entry that
 * a person has changed since confirms what there is now. What the marketplace does not say decides nothing. Pure.
 */
export function decideSettings(
  policy: SettingsPolicy,
  read: Identity,
  before: Confirmed | null,
): SettingsDecision {
  const fingerprint = fingerprintOf(policy);
  const known = before?.fingerprint === fingerprint ? before.identity : null;
  const differences = [
    ...differencesFromFile(policy, read),
    ...(known === null ? [] : differencesFrom(known, read)),
  ];
  const identity: Identity = {
    shopId: known?.shopId ?? read.shopId,
    currency: known?.currency ?? read.currency,
    taxMode: known?.taxMode ?? read.taxMode,
  };
  const changed =
    differences.length === 0
      ? null
      : `${policy.id}: ${differences.join('; ')}. Nothing is read until its entry in marketplaces.yaml fits and mirakl-ingest is restarted`;
  return { confirmed: { identity, fingerprint }, changed };
}

function differencesFromFile({ shopId, currency }: SettingsPolicy, read: Identity): readonly string[] {
  const wrong = (name: string, wanted: string | null | undefined, is: string | null) =>
    wanted && is !== null && wanted !== is ? [`the ${name} is ${is}, marketplaces.yaml says ${wanted}`] : [];
  return [...wrong('shop', shopId, read.shopId), ...wrong('currency', currency, read.currency)];
}

function differencesFrom(known: Identity, read: Identity): readonly string[] {
  const changed = (name: string, was: string | null, is: string | null) =>
    was !== null && is !== null && was !== is ? [`the ${name} was ${was} and is ${is} now`] : [];
  return [
    ...changed('shop', known.shopId, read.shopId),
    ...changed('currency', known.currency, read.currency),
    ...changed('tax mode of the platform', known.taxMode, read.taxMode),
  ];
}

/** What there is to say about settings that were read, one sentence for each check. Pure. */
export function checksOf(
  policy: SettingsPolicy,
  settings: SourceSettings,
  changed: string | null,
): readonly Check[] {
  const { shopId, shopName, currency, taxMode, features } = settings;
  const checks: Check[] = [...settings.checks];
  if (shopId !== null) {
    const named = shopName === null ? shopId : `${shopId} (${shopName})`;
    const isDefault = policy.shopId === null;
    const detail = isDefault
      ? `the key reads its default shop ${named}; name it as shopId, so that it cannot become another one`
      : `the key reads the shop ${named}`;
    checks.push({ check: 'shop', result: isDefault ? 'warning' : 'ok', detail });
  }
  if (currency !== null) {
    checks.push({ check: 'currency', result: 'ok', detail: `the shop's currency is ${currency}` });
  }
  if (taxMode !== null) {
    const isSame = taxMode === policy.orderTaxMode;
    const own = `the platform's own mode is ${taxMode}`;
    checks.push({
      check: 'tax_mode',
      result: 'ok',
      detail: isSame ? own : `${own}; every call asks for ${policy.orderTaxMode}, and Mirakl converts`,
    });
  }
  if (features['shipping_and_billing_details_before_acceptance'] === 'false') {
    const detail = 'the operator shows names and addresses only after an order was accepted';
    checks.push({ check: 'addresses', result: 'ok', detail });
  }
  const isSilent = shopId === null && currency === null && taxMode === null;
  if (changed !== null) checks.push({ check: 'settings', result: 'problem', detail: changed });
  else if (!isSilent)
    checks.push({
      check: 'settings',
      result: 'ok',
      detail: 'shop, currency and tax mode are as they were set up',
    });
  return checks;
}
