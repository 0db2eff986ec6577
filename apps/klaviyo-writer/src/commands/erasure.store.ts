import type { Database } from '@watertight/postgres';

export interface Erasure {
  readonly done: boolean;
  readonly detail: string;
}

/** The tombstones of erased buyers: keyed hashes and nothing else. They stay, so that no replay brings a person back. */
export class ErasureStore {
  constructor(private readonly database: Database) {}

  async find(buyerId: string): Promise<Erasure | undefined> {
    const [row] = await this.database.query<Erasure>(
      'select done, detail from erased_buyer where buyer_id = $1',
      [buyerId],
    );
    return row;
  }

  /** The address as the profile has it; null when none is kept. */
  async emailOf(buyerId: string): Promise<string | null> {
    const [row] = await this.database.query<{ email: string }>(
      'select email from buyer_profile where buyer_id = $1',
      [buyerId],
    );
    return row?.email ?? null;
  }

  /** From here on nothing of the buyer is sent. Returns the ids of the buyer events that had a word. */
  async begin(buyerId: string, now: Date): Promise<readonly string[]> {
    return this.database.transaction(async (transaction) => {
      await transaction.execute(
        `insert into erased_buyer (buyer_id, erased_at, done, detail) values ($1, $2, false, '')
         on conflict do nothing`,
        [buyerId, now],
      );
      await transaction.execute(
        'update delivery set look_at = null, exchange = null, detail = null where buyer_id = $1',
        [buyerId],
      );
      await transaction.execute('update profile_sent set dropped_phone = null where buyer_id = $1', [
        buyerId,
      ]);
      const rows = await transaction.query<{ event_id: string }>(
        `update buyer_event set payload = null, exchange = null, detail = null, word = 'erased',
           reason = 'privacy.erased', updated_at = $2,
           revision = revision + case when word is distinct from 'erased' then 1 else 0 end
         where buyer_id = $1 returning event_id`,
        [buyerId, now],
      );
      return rows.map(({ event_id }) => event_id);
    });
  }

  /** What came of it; once it is done the address that was needed for it goes too. */
  async end(buyerId: string, { done, detail }: Erasure): Promise<void> {
    await this.database.transaction(async (transaction) => {
      await transaction.execute('update erased_buyer set done = $2, detail = $3 where buyer_id = $1', [
        buyerId,
        done,
        detail,
      ]);
      if (done) await transaction.execute('delete from buyer_profile where buyer_id = $1', [buyerId]);
    });
  }
}
