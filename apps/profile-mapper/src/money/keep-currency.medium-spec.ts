// real: [postgres], double: [kafka publisher]
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runMigrations } from '@watertight/postgres';
import { ConfigError } from '@watertight/service';
import { type MapperOnDatabase, mapperOnDatabase } from '../scenarios/database.fixture.ts';
import { order } from '../scenarios/facts.fixture.ts';
import { keepCurrency } from './keep-currency.ts';

let m: MapperOnDatabase;

beforeAll(async () => {
  m = await mapperOnDatabase();
});
beforeEach(() => m.empty());
afterAll(() => m.drop());

describe('the reporting currency', () => {
  it('is noted by the first start, and the same one is taken ever after', async () => {
    await keepCurrency(m.database, 'EUR');
    await expect(keepCurrency(m.database, 'EUR')).resolves.toBeUndefined();
  });

  it('cannot be another one while sums are kept in it: the start says what to do', async () => {
    await keepCurrency(m.database, 'EUR');
    const problem = keepCurrency(m.database, 'USD');
    await expect(problem).rejects.toThrow(ConfigError);
    await expect(problem).rejects.toMatchObject({
      problems: [expect.stringMatching(/reportingCurrency is USD.*kept in EUR.*Set it back to EUR/)],
    });
    await expect(keepCurrency(m.database, 'EUR')).resolves.toBeUndefined();
  });

  it('regression: is known of a system that was in use before it was noted', async () => {
    await m.orders(order());
    await m.database.execute('drop table kept_currency');
    await m.database.execute("delete from migration where name = 'KeepCurrency1764050000000'");
    await runMigrations(m.database);
    await expect(keepCurrency(m.database, 'USD')).rejects.toThrow(ConfigError);
  });
});
