import type { BuyerConsent } from '@watertight/contracts';
import { bulkUpsert, type Database } from '@watertight/postgres';

/** One record of buyer.consents.v1: a consent, or the tombstone of an erased buyer. */
export interface ConsentRecord {
  readonly buyerId: string;
  readonly consent: BuyerConsent | null;
}

/** Keeps consent as Klaviyo has it, so that opt-in and mailable buyers can be counted. We never change it. */
export class ConsentsStore {
  constructor(private readonly database: Database) {}

  /** Of each buyer the last record of the batch holds. Idempotent; an older "as of" never replaces a newer one. */
  async fold(records: readonly ConsentRecord[]): Promise<void> {
    const last = [...new Map(records.map((record) => [record.buyerId, record])).values()];
    await this.database.transaction(async (transaction) => {
      await bulkUpsert(transaction, {
        table: 'buyer_consent',
        columns: {
          buyer_id: 'text',
          as_of: 'timestamptz',
          email_consent: 'text',
          can_receive: 'boolean',
          consented_at: 'timestamptz',
          suppressions: 'jsonb',
        },
        key: ['buyer_id'],
        update: ['as_of', 'email_consent', 'can_receive', 'consented_at', 'suppressions'],
        where: 't.as_of <= excluded.as_of',
        rows: last.flatMap(({ buyerId, consent }) =>
          consent === null
            ? []
            : [
                {
                  buyer_id: buyerId,
                  as_of: consent.asOf,
                  email_consent: consent.emailConsent,
                  can_receive: consent.canReceiveEmailMarketing,
                  consented_at: consent.consentedAt,
                  suppressions: consent.suppressions,
                },
              ],
        ),
      });
      await transaction.execute(`delete from buyer_consent where buyer_id = any($1::text[])`, [
        last.flatMap(({ buyerId, consent }) => (consent === null ? [buyerId] : [])),
      ]);
    });
  }
}
