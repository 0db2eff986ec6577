import type { BuyerProfile } from '@watertight/contracts';
import { bulkUpsert, type Database } from '@watertight/postgres';

export interface DueProfile {
  readonly buyerId: string;
  readonly version: number;
  /** As it was published; checked before it is used. */
  readonly profile: unknown;
  /** Newest version that has left for Klaviyo; null when nothing of the buyer has. */
  readonly sentVersion: number | null;
  /** Mark of the phone number that Klaviyo did not take. */
  readonly droppedPhone: string | null;
}

/** Buyers as `buyer.profiles.v1` has them: who they are, and what no event has carried yet. */
export class BuyerProfileStore {
  constructor(private readonly database: Database) {}

  /** Newer versions replace older ones. Erased buyers stay out. */
  async take(profiles: readonly BuyerProfile[], dueAt: Date): Promise<void> {
    const erased = await this.erasedAmong(profiles.map(({ buyerId }) => buyerId));
    const newest = new Map<string, BuyerProfile>();
    for (const profile of profiles) {
      const known = newest.get(profile.buyerId);
      if (erased.has(profile.buyerId) || (known !== undefined && known.version >= profile.version)) continue;
      newest.set(profile.buyerId, profile);
    }
    await bulkUpsert(this.database, {
      table: 'buyer_profile',
      columns: { buyer_id: 'text', version: 'bigint', email: 'text', profile: 'json', due_at: 'timestamptz' },
      key: ['buyer_id'],
      update: ['version', 'email', 'profile', 'due_at'],
      where: 't.version < excluded.version',
      rows: [...newest.values()].map((profile) => ({
        buyer_id: profile.buyerId,
        version: profile.version,
        email: profile.email,
        profile,
        due_at: dueAt,
      })),
    });
  }

  /**
   * The tombstone of the topic: the profile is cleared. The address stays until Klaviyo has been asked to erase the
   * person, which needs it; the command for that may come later than the tombstone.
   */
  async forget(buyerIds: readonly string[]): Promise<void> {
    if (buyerIds.length === 0) return;
    await this.database.execute(
      'update buyer_profile set profile = null, due_at = null where buyer_id = any($1::text[])',
      [buyerIds],
    );
    await this.database.execute(
      `delete from buyer_profile p using erased_buyer e
       where p.buyer_id = any($1::text[]) and e.buyer_id = p.buyer_id and e.done`,
      [buyerIds],
    );
  }

  async due(now: Date, limit: number): Promise<readonly DueProfile[]> {
    const rows = await this.database.query<{
      buyer_id: string;
      version: string;
      profile: unknown;
      sent: string | null;
      dropped_phone: string | null;
    }>(
      `select p.buyer_id, p.version, p.profile, s.version as sent, s.dropped_phone
       from buyer_profile p left join profile_sent s using (buyer_id)
       where p.due_at <= $1 order by p.due_at limit $2`,
      [now, limit],
    );
    return rows.map(({ buyer_id, version, profile, sent, dropped_phone }) => ({
      buyerId: buyer_id,
      version: Number(version),
      profile,
      sentVersion: sent === null ? null : Number(sent),
      droppedPhone: dropped_phone,
    }));
  }

  /** An event or an upsert has carried them: what was kept to send them is cleared. */
  async settle(profiles: readonly Pick<DueProfile, 'buyerId' | 'version'>[]): Promise<void> {
    if (profiles.length === 0) return;
    await this.database.execute(
      `update buyer_profile p set profile = null, due_at = null
       from json_to_recordset($1::json) as w (buyer_id text, version bigint)
       where p.buyer_id = w.buyer_id and p.version = w.version`,
      [JSON.stringify(profiles.map(({ buyerId, version }) => ({ buyer_id: buyerId, version })))],
    );
  }

  async lookAgain(buyerIds: readonly string[], at: Date): Promise<void> {
    if (buyerIds.length === 0) return;
    await this.database.execute(
      'update buyer_profile set due_at = $2 where buyer_id = any($1::text[]) and due_at is not null',
      [buyerIds, at],
    );
  }

  /** The version has left for Klaviyo with an upsert; with `droppedPhone` it took it without that number. */
  async noteSent(buyerId: string, version: number, droppedPhone: string | null): Promise<void> {
    await this.database.execute(
      `update profile_sent set version = $2, dropped_phone = coalesce($3, dropped_phone)
       where buyer_id = $1 and version < $2`,
      [buyerId, version, droppedPhone],
    );
  }

  async erasedAmong(buyerIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (buyerIds.length === 0) return new Set();
    const rows = await this.database.query<{ buyer_id: string }>(
      'select buyer_id from erased_buyer where buyer_id = any($1::text[])',
      [[...new Set(buyerIds)]],
    );
    return new Set(rows.map(({ buyer_id }) => buyer_id));
  }
}
