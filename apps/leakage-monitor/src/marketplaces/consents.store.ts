import type { Database } from '@watertight/postgres';

/** How the consent of a marketplace's buyers stood. */
export interface ConsentRow {
  readonly marketplaceId: string;
  readonly day: string;
  readonly asOf: Date | null;
  readonly buyers: number;
  readonly known: number;
  readonly subscribed: number;
  readonly neverSubscribed: number;
  readonly unsubscribed: number;
  readonly suppressed: number;
  readonly mailable: number;
}

const COLUMNS = `marketplace_id as "marketplaceId", to_char(day, 'YYYY-MM-DD') as day, as_of as "asOf",
  buyers::integer, known::integer, subscribed::integer, never_subscribed::integer as "neverSubscribed",
  unsubscribed::integer, suppressed::integer, mailable::integer`;

/** Counts consent as read from Klaviyo, by marketplace, and keeps how it stood each day. */
export class ConsentsStore {
  constructor(private readonly database: Database) {}

  /**
   * Counts the buyers of each marketplace as they stand and writes the counts to the day. The last count of a day
   * stays. Idempotent; any number of replicas may do it.
   */
  async countInto(day: string): Promise<void> {
    await this.database.execute(
      `with buyer as (
         select marketplace_id, buyer_id from ledger_order
         where buyer_id is not null and bucket <> 'erased' group by 1, 2
       ),
       counted as (
         select b.marketplace_id, max(c.as_of) as as_of, count(*) as buyers, count(c.buyer_id) as known,
                count(*) filter (where c.email_consent = 'SUBSCRIBED') as subscribed,
                count(*) filter (where c.email_consent = 'NEVER_SUBSCRIBED') as never_subscribed,
                count(*) filter (where c.email_consent = 'UNSUBSCRIBED') as unsubscribed,
                count(*) filter (where not c.can_receive) as suppressed,
                count(*) filter (where c.email_consent = 'SUBSCRIBED' and c.can_receive) as mailable
         from buyer b left join buyer_consent c on c.buyer_id = b.buyer_id
         group by 1 order by 1
       )
       insert into consent_day (marketplace_id, day, as_of, buyers, known, subscribed, never_subscribed, unsubscribed,
                                suppressed, mailable)
       select marketplace_id, $1::date, as_of, buyers, known, subscribed, never_subscribed, unsubscribed, suppressed,
              mailable
       from counted
       on conflict (marketplace_id, day) do update set
         as_of = excluded.as_of, buyers = excluded.buyers, known = excluded.known, subscribed = excluded.subscribed,
         never_subscribed = excluded.never_subscribed, unsubscribed = excluded.unsubscribed,
         suppressed = excluded.suppressed, mailable = excluded.mailable`,
      [day],
    );
  }

  /** The newest count of each marketplace. */
  async newest(): Promise<ConsentRow[]> {
    return this.database.query<ConsentRow>(
      `select distinct on (marketplace_id) ${COLUMNS} from consent_day order by marketplace_id, day desc`,
    );
  }

  /** Oldest first. */
  async days(marketplaceId: string, fromDay: string): Promise<ConsentRow[]> {
    return this.database.query<ConsentRow>(
      `select ${COLUMNS} from consent_day where marketplace_id = $1 and day >= $2::date order by consent_day.day`,
      [marketplaceId, fromDay],
    );
  }
}
