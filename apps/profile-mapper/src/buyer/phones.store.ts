import type { Queryable } from '@watertight/postgres';

/** A phone number that more than one buyer has. */
export interface SharedPhone {
  readonly phone: string;
  readonly buyerIds: readonly string[];
}

/** Every number on a sale of these buyers. */
export async function listPhones(tx: Queryable, buyerIds: readonly string[]): Promise<readonly string[]> {
  const rows = await tx.query<{ phone: string }>(
    `select distinct person->>'phone' as phone from sale
     where buyer_id = any($1::text[]) and person->>'phone' is not null`,
    [buyerIds],
  );
  return rows.map(({ phone }) => phone);
}

/**
 * Which of the numbers several buyers have. Numbers are locked until the transaction ends, in one order everywhere and
 * always after orders and buyers: of two replicas that bring one new number for two buyers at once, the second one sees
 * the sale of the first.
 */
export async function lockSharedPhones(
  tx: Queryable,
  phones: readonly string[],
): Promise<readonly SharedPhone[]> {
  if (phones.length === 0) return [];
  await tx.query(
    `select pg_advisory_xact_lock(number) from (
       select distinct hashtextextended('phone ' || phone, 0) as number from unnest($1::text[]) as wanted (phone)
       order by number
     ) as numbers`,
    [phones],
  );
  const rows = await tx.query<{ phone: string; buyer_ids: readonly string[] }>(
    `select person->>'phone' as phone, array_agg(distinct buyer_id) as buyer_ids from sale
     where person->>'phone' = any($1::text[]) group by 1 having count(distinct buyer_id) > 1`,
    [phones],
  );
  return rows.map(({ phone, buyer_ids }) => ({ phone, buyerIds: buyer_ids }));
}

/** Of these buyers those whose published profile still carries one of the numbers as theirs alone. */
export async function listBuyersSending(
  tx: Queryable,
  buyerIds: readonly string[],
  phones: readonly string[],
): Promise<readonly string[]> {
  if (buyerIds.length === 0) return [];
  const rows = await tx.query<{ buyer_id: string }>(
    `select buyer_id from buyer
     where buyer_id = any($1::text[]) and profile->>'phoneForKlaviyo' = any($2::text[])`,
    [buyerIds, phones],
  );
  return rows.map(({ buyer_id }) => buyer_id);
}
