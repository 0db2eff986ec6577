import type { OrderFact } from '@watertight/contracts';
import { bulkUpsert, type Database, type Queryable } from '@watertight/postgres';
import type { Contact, ContactVault } from './contact-vault.ts';
import { maskAddress } from './mask-address.ts';

/** A contact of the story: where it stands, and what of it everyone may see. */
export interface MaskedContact {
  readonly field: string;
  readonly masked: string;
}

/**
 * Keeps what each order's newest fact says of its buyer's address, sealed. Part of the fold's transaction and after
 * the orders: a person who was erased stays erased, whatever is told again.
 */
export async function writeContacts(
  target: Queryable,
  vault: ContactVault,
  facts: readonly OrderFact[],
  orderKeys: readonly string[],
): Promise<void> {
  await bulkUpsert(target, {
    table: 'order_contact',
    columns: {
      order_key: 'text',
      revision: 'integer',
      observed_at: 'timestamptz',
      masked: 'jsonb',
      sealed: 'text',
    },
    key: ['order_key'],
    update: ['revision', 'observed_at', 'masked', 'sealed'],
    where: '(t.revision, t.observed_at) <= (excluded.revision, excluded.observed_at)',
    rows: facts.map(({ orderKey, revision, observedAt, buyer }) => ({
      order_key: orderKey,
      revision,
      observed_at: observedAt,
      masked: buyer.contacts.map(({ field, value }) => ({ field, masked: maskAddress(value) })),
      sealed: buyer.contacts.length === 0 ? '' : vault.seal(orderKey, buyer.contacts),
    })),
  });
  await target.execute(
    `delete from order_contact c using ledger_order o
     where c.order_key = any($1::text[]) and o.order_key = c.order_key and o.bucket = 'erased'`,
    [orderKeys],
  );
}

/** Reads and forgets contacts. */
export class ContactsStore {
  constructor(
    private readonly database: Database,
    private readonly vault: ContactVault,
  ) {}

  async masked(orderKey: string): Promise<readonly MaskedContact[]> {
    const [row] = await this.database.query<{ masked: MaskedContact[] }>(
      `select masked from order_contact where order_key = $1`,
      [orderKey],
    );
    return row?.masked ?? [];
  }

  /** The addresses themselves: only for a person who may see them, and only after it was noted who asked. */
  async reveal(orderKey: string): Promise<readonly Contact[]> {
    const [row] = await this.database.query<{ sealed: string }>(
      `select sealed from order_contact where order_key = $1`,
      [orderKey],
    );
    return row === undefined || row.sealed === '' ? [] : this.vault.open(orderKey, row.sealed);
  }

  /** Forgets the addresses of a buyer's orders. Returns of how many. */
  async forget(buyerId: string): Promise<number> {
    return this.database.execute(
      `delete from order_contact c using ledger_order o
       where o.order_key = c.order_key and o.buyer_id = $1`,
      [buyerId],
    );
  }
}
