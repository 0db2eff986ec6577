import type { Database } from '@watertight/postgres';

export interface BuyerToRead {
  readonly buyerId: string;
  readonly email: string;
  /** Of what was published last; null when nothing was. */
  readonly consentHash: string | null;
}

/** When consent of which buyer was read last. */
export class ConsentStore {
  constructor(private readonly database: Database) {}

  /** Buyers of whom an event has left and whose consent was not read since `before`, longest ago first. */
  async toRead(before: Date, limit: number): Promise<readonly BuyerToRead[]> {
    const rows = await this.database.query<{ buyer_id: string; email: string; consent_hash: string | null }>(
      `select p.buyer_id, p.email, p.consent_hash from buyer_profile p
       where (p.consent_read_at is null or p.consent_read_at < $1)
         and exists (select from profile_sent s where s.buyer_id = p.buyer_id)
       order by p.consent_read_at nulls first limit $2`,
      [before, limit],
    );
    return rows.map(({ buyer_id, email, consent_hash }) => ({
      buyerId: buyer_id,
      email,
      consentHash: consent_hash,
    }));
  }

  async noteRead(
    buyers: readonly { readonly buyerId: string; readonly consentHash: string | null }[],
    at: Date,
  ): Promise<void> {
    if (buyers.length === 0) return;
    await this.database.execute(
      `update buyer_profile p set consent_read_at = $2, consent_hash = w.consent_hash
       from json_to_recordset($1::json) as w (buyer_id text, consent_hash text) where p.buyer_id = w.buyer_id`,
      [JSON.stringify(buyers.map((one) => ({ buyer_id: one.buyerId, consent_hash: one.consentHash }))), at],
    );
  }
}
