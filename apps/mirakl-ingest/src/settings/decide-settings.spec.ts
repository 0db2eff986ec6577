import { describe, expect, it } from '@jest/globals';
import { checksOf, decideSettings, type SettingsPolicy } from './decide-settings.ts';
import type { SourceSettings } from './source-settings.ts';

const policy: SettingsPolicy = {
  id: 'maison-fr',
  api: 'seller',
  baseUrl: 'https://maison.example',
  shopId: '2001',
  orderTaxMode: 'TAX_INCLUDED',
  currency: null,
};
const read = { shopId: '2001', currency: 'EUR', taxMode: 'TAX_INCLUDED' };
const first = () => decideSettings(policy, read, null).confirmed;

describe('decideSettings', () => {
  it('takes what it finds at first as what a person set up', () => {
    expect(decideSettings(policy, read, null)).toMatchObject({
      confirmed: { identity: read },
      changed: null,
    });
  });

  it.each([
    ['shop', { ...read, shopId: '2002' }, 'the shop was 2001 and is 2002 now'],
    ['currency', { ...read, currency: 'USD' }, 'the currency was EUR and is USD now'],
    ['tax mode', { ...read, taxMode: 'TAX_EXCLUDED' }, 'TAX_INCLUDED and is TAX_EXCLUDED now'],
  ])('stops at another %s, until a person has changed the entry', (_what, now, sentence) => {
    const free = { ...policy, shopId: null };
    const before = decideSettings(free, read, null).confirmed;
    const { changed, confirmed } = decideSettings(free, now, before);
    expect(changed).toContain(sentence);
    // Looking again does not confirm it.
    expect(decideSettings(free, now, confirmed).changed).toContain(sentence);
    const edited = { ...free, currency: now.currency };
    expect(decideSettings(edited, now, confirmed)).toMatchObject({
      confirmed: { identity: now },
      changed: null,
    });
  });

  it('stops at once where the file says otherwise', () => {
    expect(
      decideSettings({ ...policy, currency: 'EUR' }, { ...read, currency: 'USD' }, null).changed,
    ).toContain('the currency is USD, marketplaces.yaml says EUR');
    expect(decideSettings({ ...policy, shopId: '7' }, read, null).changed).toContain('the shop is 2001');
  });

  it('decides nothing by what the marketplace does not say, and remembers it once it does', () => {
    const silent = { shopId: null, currency: null, taxMode: null };
    expect(decideSettings(policy, silent, first())).toMatchObject({
      confirmed: { identity: read },
      changed: null,
    });
    const later = decideSettings(policy, read, decideSettings(policy, silent, null).confirmed);
    expect(later).toMatchObject({ confirmed: { identity: read }, changed: null });
  });
});

describe('checksOf', () => {
  const settings: SourceSettings = {
    ...read,
    answeredAt: new Date(0),
    shopName: 'Lamps',
    timezone: 'Europe/Paris',
    channels: [],
    reasons: [],
    features: {},
    checks: [],
  };
  const resultOf = (check: string, checks: ReturnType<typeof checksOf>) =>
    checks.find((one) => one.check === check);

  it('says what is read, in sentences', () => {
    const checks = checksOf(policy, settings, null);
    expect(checks.map(({ result }) => result)).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(resultOf('shop', checks)?.detail).toBe('the key reads the shop 2001 (Lamps)');
  });

  it('warns of a shop that is only the default', () => {
    expect(resultOf('shop', checksOf({ ...policy, shopId: null }, settings, null))?.result).toBe('warning');
  });

  it('says that amounts are converted where the platform’s own mode is another', () => {
    const { detail } =
      resultOf('tax_mode', checksOf(policy, { ...settings, taxMode: 'TAX_EXCLUDED' }, null)) ?? {};
    expect(detail).toContain('every call asks for TAX_INCLUDED');
  });

  it('regression: does not call settings fine that could not be read', () => {
    const unread = { ...settings, shopId: null, currency: null, taxMode: null };
    expect(checksOf(policy, unread, null)).toEqual([]);
  });

  it('names what stopped the marketplace as a problem', () => {
    expect(resultOf('settings', checksOf(policy, settings, 'the currency was EUR'))?.result).toBe('problem');
  });
});
