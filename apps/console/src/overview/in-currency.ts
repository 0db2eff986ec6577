import type { Balance } from '../api/model.ts';

/** Currencies that Mirakl counts money in, in the order of their names. */
export function currenciesOf(balance: Balance): readonly string[] {
  return Object.keys(balance.source.money).sort();
}

/** The balance with only this currency's money in it; all of it for ''. Numbers of orders stay as they are. */
export function inCurrency(balance: Balance, currency: string): Balance {
  if (currency === '') return balance;
  const only = <Counted extends { readonly money: Readonly<Record<string, string>> }>(
    counted: Counted,
  ): Counted => ({
    ...counted,
    money: Object.fromEntries(Object.entries(counted.money).filter(([name]) => name === currency)),
  });
  const sheet = <Sheet extends Pick<Balance, 'source' | 'captured' | 'difference' | 'buckets' | 'leaking'>>(
    of: Sheet,
  ): Sheet => ({
    ...of,
    source: only(of.source),
    captured: only(of.captured),
    difference: only(of.difference),
    buckets: {
      verified: only(of.buckets.verified),
      in_flight: only(of.buckets.in_flight),
      uncaptured_contact: only(of.buckets.uncaptured_contact),
      withheld: only(of.buckets.withheld),
      failed: only(of.buckets.failed),
      erased: only(of.buckets.erased),
      not_a_sale: only(of.buckets.not_a_sale),
    },
    leaking: of.leaking.map(only),
  });
  return { ...sheet(balance), marketplaces: balance.marketplaces.map(sheet) };
}
