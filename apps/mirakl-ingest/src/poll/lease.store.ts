import type { Queryable } from '@watertight/postgres';

export interface HeldLease {
  readonly holder: string;
  /** When it ends unless it is renewed. */
  readonly until: Date;
}

/** The name of the right to poll a marketplace. */
export function leaseNameOf(marketplaceId: string): string {
  return `poll:${marketplaceId}`;
}

/** Who may poll the marketplace now, and until when; null while nobody may. */
export async function readLease(target: Queryable, marketplaceId: string): Promise<HeldLease | null> {
  const [row] = await target.query<{ holder: string; expires_at: Date }>(
    `select holder, expires_at from lease where name = $1 and expires_at >= clock_timestamp()`,
    [leaseNameOf(marketplaceId)],
  );
  return row === undefined ? null : { holder: row.holder, until: row.expires_at };
}
