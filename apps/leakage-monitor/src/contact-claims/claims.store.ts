import { bulkUpsert, type Database, type Queryable } from '@watertight/postgres';
import type { ClaimableOrder } from './match-claims.ts';

export interface ClaimRow {
  readonly claim_id: string;
  readonly order_key: string;
  readonly masked: string;
  readonly source: string;
  readonly requested_by: string;
  readonly requested_at: Date;
  readonly published_at: Date | null;
  readonly bucket: string | null;
}

export interface ClaimFilter {
  readonly state: 'sent' | 'recovered' | 'not_sent' | undefined;
  readonly marketplaceId: string | undefined;
  readonly after: { readonly at: string; readonly id: string } | undefined;
  readonly limit: number;
}

export interface NewClaim {
  readonly claimId: string;
  readonly orderKey: string;
  readonly masked: string;
  readonly source: string;
  readonly requestedBy: string;
  readonly requestedAt: string;
}

const STATES = {
  not_sent: 'k.published_at is null',
  recovered: `k.published_at is not null and o.bucket = 'verified'`,
  sent: `k.published_at is not null and o.bucket is distinct from 'verified'`,
} as const;

/** Claims without their addresses: those go to the mapper and stay there. */
export class ClaimsStore {
  constructor(private readonly database: Database) {}

  /** Every order that one of the names may mean: a key, an order number or a basket's, in either case. */
  async candidates(names: readonly string[], marketplaceId: string | undefined): Promise<ClaimableOrder[]> {
    return this.database.query<ClaimableOrder>(
      `with name as (select distinct n, upper(n) as upper_n from unnest($1::text[]) as n)
       select distinct o.order_key, o.order_id, o.commercial_id, o.marketplace_id, o.bucket, o.amount_minor::text,
              o.currency
       from name
       cross join lateral (
         select * from ledger_order where order_key = name.n
         union select * from ledger_order where upper(order_id) = name.upper_n
         union select * from ledger_order where upper(commercial_id) = name.upper_n and commercial_id is not null
       ) as o
       where ($2::text is null or o.marketplace_id = $2)
       order by o.order_key`,
      [names, marketplaceId ?? null],
    );
  }

  async markPublished(claimIds: readonly string[], now: Date): Promise<void> {
    await this.database.execute(
      `update contact_claim set published_at = $2 where claim_id = any($1::text[])`,
      [claimIds, now.toISOString()],
    );
  }

  /** The newest first, each with where its order is now. */
  async list({ state, marketplaceId, after, limit }: ClaimFilter): Promise<ClaimRow[]> {
    return this.database.query<ClaimRow>(
      `select k.claim_id, k.order_key, k.masked, k.source, k.requested_by, k.requested_at, k.published_at, o.bucket
       from contact_claim k left join ledger_order o on o.order_key = k.order_key
       where ($1::text is null or o.marketplace_id = $1)
         and ($2::timestamptz is null or (k.requested_at, k.claim_id) < ($2::timestamptz, $3::text))
         ${state === undefined ? '' : `and ${STATES[state]}`}
       order by k.requested_at desc, k.claim_id desc limit ${limit}`,
      [marketplaceId ?? null, after?.at ?? null, after?.id ?? null],
    );
  }
}

export async function noteClaims(target: Queryable, claims: readonly NewClaim[]): Promise<void> {
  await bulkUpsert(target, {
    table: 'contact_claim',
    columns: {
      claim_id: 'text',
      order_key: 'text',
      masked: 'text',
      source: 'text',
      requested_by: 'text',
      requested_at: 'timestamptz',
    },
    key: ['claim_id'],
    update: 'nothing',
    rows: claims.map((claim) => ({
      claim_id: claim.claimId,
      order_key: claim.orderKey,
      masked: claim.masked,
      source: claim.source,
      requested_by: claim.requestedBy,
      requested_at: claim.requestedAt,
    })),
  });
}
