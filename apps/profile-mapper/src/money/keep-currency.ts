import type { Queryable } from '@watertight/postgres';
import { ConfigError } from '@watertight/service';

/**
 * The sums of sales, profiles and field coverage are kept as numbers of one currency. With another reporting currency
 * they would be added up with amounts of that one, so the service does not start. The first start notes the currency.
 *
 * Throws ConfigError when it is another one than the sums are kept in.
 */
export async function keepCurrency(database: Queryable, reportingCurrency: string): Promise<void> {
  await database.execute('insert into kept_currency (currency) values ($1) on conflict do nothing', [
    reportingCurrency,
  ]);
  const [kept] = await database.query<{ currency: string }>('select currency from kept_currency');
  if (kept === undefined || kept.currency === reportingCurrency) return;
  throw new ConfigError([
    `reportingCurrency is ${reportingCurrency}, but the buyers' sums are kept in ${kept.currency} and are not converted. ` +
      `Set it back to ${kept.currency}, or begin with an empty database and load the history again.`,
  ]);
}
