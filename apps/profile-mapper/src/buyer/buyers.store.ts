import type { BuyerProfile } from '@watertight/contracts';
import { bulkUpsert, type Queryable } from '@watertight/postgres';
import type { PeopleByMarketplace } from '../contact/shared-address.ts';

export interface StoredBuyer {
  readonly buyerId: string;
  /** 0 before the first profile. */
  readonly version: number;
  readonly profile: BuyerProfile | null;
  readonly erased: boolean;
  /** Who has ordered with the buyer's address. */
  readonly people: PeopleByMarketplace;
}

interface BuyerRow {
  readonly people: PeopleByMarketplace | null;
  readonly buyer_id: string;
  readonly version: string;
  readonly profile: BuyerProfile | null;
  readonly erased: boolean;
}

/**
 * Locks the buyers, in the order of their ids and always after the orders, so that replicas which work on one buyer
 * take turns: the second one sees the sales of the first.
 */
export async function lockBuyers(
  tx: Queryable,
  buyerIds: readonly string[],
): Promise<ReadonlyMap<string, StoredBuyer>> {
  if (buyerIds.length === 0) return new Map();
  await tx.execute(
    `insert into buyer (buyer_id)
     select distinct id collate "C" from unnest($1::text[]) as wanted (id) order by 1
     on conflict do nothing`,
    [buyerIds],
  );
  return readBuyers(tx, buyerIds, 'for update');
}

/** What is known of the buyers. */
export async function readBuyers(
  target: Queryable,
  buyerIds: readonly string[],
  lock: 'for update' | '' = '',
): Promise<ReadonlyMap<string, StoredBuyer>> {
  const rows = await target.query<BuyerRow>(
    `select buyer_id, version, profile, people, erased_at is not null as erased
     from buyer where buyer_id = any($1::text[]) order by buyer_id ${lock}`,
    [buyerIds],
  );
  return new Map(rows.map((row) => [row.buyer_id, storedBuyer(row)]));
}

/** A buyer as it is to be kept: with a new profile, with newly seen people, or both. */
export interface BuyerToSave {
  readonly buyerId: string;
  readonly profile: BuyerProfile | null;
  readonly people: PeopleByMarketplace;
}

/** Keeps buyers that were locked before; a profile has its version in it, and one without keeps its row's version. */
export async function saveBuyers(tx: Queryable, buyers: readonly BuyerToSave[]): Promise<void> {
  if (buyers.length === 0) return;
  await bulkUpsert(tx, {
    table: 'buyer',
    columns: { buyer_id: 'text', version: 'bigint', profile: 'json', people: 'json' },
    key: ['buyer_id'],
    update: ['version', 'profile', 'people'],
    rows: buyers.map(({ buyerId, profile, people }) => ({
      buyer_id: buyerId,
      version: profile?.version ?? 0,
      profile,
      people,
    })),
  });
}

/**
 * Of erased buyers only the keyed hash stays, so that nothing can bring them back. Returns when each was erased first.
 */
export async function markErased(
  tx: Queryable,
  buyerIds: readonly string[],
  at: Date,
): Promise<ReadonlyMap<string, Date>> {
  const rows = await tx.query<{ buyer_id: string; erased_at: Date }>(
    `with marked as (
       update buyer set profile = null, people = null, erased_at = coalesce(erased_at, $2)
       where buyer_id = any($1::text[]) returning buyer_id, erased_at
     ) select buyer_id, erased_at from marked order by buyer_id`,
    [buyerIds, at],
  );
  return new Map(rows.map(({ buyer_id, erased_at }) => [buyer_id, erased_at]));
}

/** Of the given buyers those whose profile is another by now than the version that the caller knows, 0 for erased. */
export async function readNewerBuyers(
  target: Queryable,
  known: ReadonlyMap<string, number>,
): Promise<readonly StoredBuyer[]> {
  if (known.size === 0) return [];
  const rows = await target.query<BuyerRow>(
    `select buyer_id, version, profile, people, erased_at is not null as erased
     from buyer join unnest($1::text[], $2::bigint[]) as known (id, seen) on buyer_id = id
     where case when erased_at is null then version else 0 end <> seen`,
    [[...known.keys()], [...known.values()]],
  );
  return rows.map(storedBuyer);
}

function storedBuyer({ buyer_id, version, profile, people, erased }: BuyerRow): StoredBuyer {
  return { buyerId: buyer_id, version: Number(version), profile, erased, people: people ?? {} };
}
