import type { Queryable } from '@watertight/postgres';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Confirmed } from './decide-settings.ts';

export interface SettingsState {
  readonly confirmed: Confirmed | null;
  /** Why the marketplace is not read; null when it is. */
  readonly changed: string | null;
  readonly checkedAt: Date | null;
  /** A person asked for the checks. */
  readonly isCheckWanted: boolean;
}

const Part = Type.Union([Type.String(), Type.Null()]);
const storedIdentity = Compile(Type.Object({ shopId: Part, currency: Part, taxMode: Part }));

interface SettingsRow {
  readonly confirmed: unknown;
  readonly confirmed_for: string | null;
  readonly changed: string | null;
  readonly checked_at: Date | null;
  readonly check_wanted: boolean;
}

export async function readSettingsState(database: Queryable, marketplaceId: string): Promise<SettingsState> {
  const [row] = await database.query<SettingsRow>(
    `select confirmed, confirmed_for, changed, checked_at, check_wanted
     from marketplace_setting where marketplace_id = $1`,
    [marketplaceId],
  );
  const identity = row?.confirmed ?? null;
  const fingerprint = row?.confirmed_for ?? null;
  return {
    confirmed: fingerprint !== null && storedIdentity.Check(identity) ? { identity, fingerprint } : null,
    changed: row?.changed ?? null,
    checkedAt: row?.checked_at ?? null,
    isCheckWanted: row?.check_wanted ?? false,
  };
}

export async function saveSettingsState(
  database: Queryable,
  marketplaceId: string,
  { confirmed, changed, checkedAt }: { confirmed: Confirmed; changed: string | null; checkedAt: Date },
): Promise<void> {
  await database.execute(
    `insert into marketplace_setting (marketplace_id, confirmed, confirmed_for, changed, checked_at, check_wanted)
     values ($1, $2::jsonb, $3, $4, $5, false)
     on conflict (marketplace_id) do update set
       confirmed = excluded.confirmed, confirmed_for = excluded.confirmed_for, changed = excluded.changed,
       checked_at = excluded.checked_at, check_wanted = false`,
    [marketplaceId, JSON.stringify(confirmed.identity), confirmed.fingerprint, changed, checkedAt],
  );
}

export async function wantChecks(database: Queryable, marketplaceIds: readonly string[]): Promise<void> {
  for (const marketplaceId of marketplaceIds) {
    await database.execute(
      `insert into marketplace_setting (marketplace_id, check_wanted) values ($1, true)
       on conflict (marketplace_id) do update set check_wanted = true`,
      [marketplaceId],
    );
  }
}
