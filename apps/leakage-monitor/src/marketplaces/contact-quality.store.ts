import type { Database } from '@watertight/postgres';
import type { ContactCount } from './share-contacts.ts';

export interface DayContacts extends ContactCount {
  readonly marketplaceId: string;
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string;
}

export interface CountryContacts extends ContactCount {
  readonly marketplaceId: string;
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string;
  readonly country: string | null;
}

/** Reads how orders could be answered, by day, from the sums of the balance. */
export class ContactQualityStore {
  constructor(private readonly database: Database) {}

  /** `marketplaceId` null is all of them; both days are included. */
  async days(marketplaceId: string | null, fromDay: string, toDay: string): Promise<DayContacts[]> {
    return this.database.query<DayContacts>(
      `select marketplace_id as "marketplaceId", to_char(day, 'YYYY-MM-DD') as day,
              contact_class as "contactClass", sum(orders)::integer as orders
       from (
         select marketplace_id, day, kind, contact_class, orders from balance_day
         union all
         select marketplace_id, day, kind, contact_class, orders from balance_delta
       ) as sums
       where day between $2::date and $3::date and kind <> 'source' and contact_class <> ''
         and ($1::text is null or marketplace_id = $1)
       group by 1, 2, 3 having sum(orders) <> 0 order by 1, 2, 3`,
      [marketplaceId, fromDay, toDay],
    );
  }

  /** Of one marketplace by day and country shipped to, from the orders themselves. */
  async countries(marketplaceId: string, fromDay: string): Promise<CountryContacts[]> {
    return this.database.query<CountryContacts>(
      `${COUNTRIES} and marketplace_id = $2 group by 1, 2, 3, 4 order by 2, 3, 4`,
      [fromDay, marketplaceId],
    );
  }

  /** The same of all marketplaces. */
  async countryDays(fromDay: string): Promise<CountryContacts[]> {
    return this.database.query<CountryContacts>(`${COUNTRIES} group by 1, 2, 3, 4`, [fromDay]);
  }
}

const COUNTRIES = `
  select marketplace_id as "marketplaceId", to_char(created_at at time zone 'UTC', 'YYYY-MM-DD') as day, country,
         contact_class as "contactClass", count(*)::integer as orders
  from ledger_order
  where created_at >= $1::date and contact_class is not null and bucket is not null`;
