import { bulkUpsert, type Queryable } from '@watertight/postgres';

/**
 * What is to be judged again: the held orders of a marketplace (subject: its id), the orders that hold an address that
 * turned out to be shared (subject: `<marketplaceId> <buyerId>`), or a buyer's profile (subject: the buyerId).
 */
export type ReevaluationKind = 'held_orders' | 'orders_of_address' | 'profile';

export interface Reevaluation {
  readonly kind: ReevaluationKind;
  readonly subject: string;
  /** Only a replica with this policy may do it; null: any. */
  readonly policyHash: string | null;
}

export interface StoredReevaluation extends Reevaluation {
  /** Everything up to this order has been judged again. */
  readonly afterKey: string;
  /** The orders that somebody began with; null between two pages. */
  readonly page: readonly string[] | null;
}

/** Asks for it, from the beginning when it is under way already. */
export async function requestReevaluations(tx: Queryable, wanted: readonly Reevaluation[]): Promise<void> {
  const distinct = new Map(wanted.map((one) => [`${one.kind} ${one.subject}`, one]));
  if (distinct.size === 0) return;
  await bulkUpsert(tx, {
    table: 'reevaluation',
    columns: { kind: 'text', subject: 'text', policy_hash: 'text', after_key: 'text' },
    key: ['kind', 'subject'],
    update: ['policy_hash', 'after_key'],
    rows: [...distinct.values()].map(({ kind, subject, policyHash }) => ({
      kind,
      subject,
      policy_hash: policyHash,
      after_key: '',
    })),
  });
}

interface ReevaluationRow {
  readonly kind: ReevaluationKind;
  readonly subject: string;
  readonly policy_hash: string | null;
  readonly after_key: string;
  readonly page: readonly string[] | null;
}

/** The oldest request that a replica with these policies may work on. */
export async function nextReevaluation(
  target: Queryable,
  policyHashes: readonly string[],
): Promise<StoredReevaluation | undefined> {
  const [row] = await target.query<ReevaluationRow>(
    `select kind, subject, policy_hash, after_key, page from reevaluation
     where policy_hash is null or policy_hash = any($1::text[]) order by requested_at, kind, subject limit 1`,
    [policyHashes],
  );
  if (row === undefined) return undefined;
  const { kind, subject, policy_hash, after_key, page } = row;
  return { kind, subject, policyHash: policy_hash, afterKey: after_key, page };
}

/** Notes the orders that are begun with: if they are written and not published, somebody has to publish them. */
export async function beginPage(
  target: Queryable,
  { kind, subject }: StoredReevaluation,
  page: readonly string[],
): Promise<void> {
  await target.execute('update reevaluation set page = $3::text[] where kind = $1 and subject = $2', [
    kind,
    subject,
    page,
  ]);
}

/** Notes how far it has come, or with null that it is done; not when it was asked for anew meanwhile. */
export async function advanceReevaluation(
  target: Queryable,
  { kind, subject, policyHash, afterKey }: StoredReevaluation,
  to: string | null,
): Promise<void> {
  const same = `kind = $1 and subject = $2 and after_key = $3 and policy_hash is not distinct from $4`;
  const parameters = [kind, subject, afterKey, policyHash];
  if (to === null) await target.execute(`delete from reevaluation where ${same}`, parameters);
  else
    await target.execute(`update reevaluation set after_key = $5, page = null where ${same}`, [
      ...parameters,
      to,
    ]);
}

/** The next held orders of a marketplace, in the order of their keys. */
export async function listHeldOrders(
  target: Queryable,
  marketplaceId: string,
  afterKey: string,
  limit: number,
): Promise<readonly string[]> {
  // In byte order `;` follows `:`, so this is the range of the marketplace's keys.
  const rows = await target.query<{ order_key: string }>(
    `select order_key from order_fact
     where (outcome in ('uncaptured', 'withheld') or reason = 'mapping.no_rate')
       and order_key > greatest($1 || ':', $2) collate "C" and order_key < $1 || ';' collate "C"
     order by order_key limit $3`,
    [marketplaceId, afterKey, limit],
  );
  return rows.map(({ order_key }) => order_key);
}

/** The next orders of a marketplace that hold a buyer's address, in the order of their keys. */
export async function listOrdersOfAddress(
  target: Queryable,
  { marketplaceId, buyerId }: { readonly marketplaceId: string; readonly buyerId: string },
  afterKey: string,
  limit: number,
): Promise<readonly string[]> {
  const rows = await target.query<{ order_key: string }>(
    `select order_key from order_fact
     where contact_buyer_id = $1 and order_key > greatest($2 || ':', $3) collate "C"
       and order_key < $2 || ';' collate "C"
     order by order_key limit $4`,
    [buyerId, marketplaceId, afterKey, limit],
  );
  return rows.map(({ order_key }) => order_key);
}

/** Notes the policies that are in force; returns the marketplaces for which that is another one than before. */
export async function applyPolicies(
  tx: Queryable,
  hashes: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const { rows } = await bulkUpsert<{ marketplace_id: string }>(tx, {
    table: 'applied_policy',
    columns: { marketplace_id: 'text', policy_hash: 'text' },
    key: ['marketplace_id'],
    update: ['policy_hash'],
    where: 't.policy_hash <> excluded.policy_hash',
    returning: 'marketplace_id',
    rows: [...hashes].map(([marketplace_id, policy_hash]) => ({ marketplace_id, policy_hash })),
  });
  return rows.map(({ marketplace_id }) => marketplace_id);
}
