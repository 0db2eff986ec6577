import type { Database, Queryable } from '@watertight/postgres';
import type { Actor } from '../access/actor.ts';

/** One thing that a person did. Never with personal data. */
export interface AuditEntry {
  /** `contact.revealed`, `exception.accepted`, `replay.sent` … */
  readonly action: string;
  /** Order key, exception id, marketplace or buyer id. */
  readonly about: string | null;
  readonly why: string | null;
  readonly detail?: Readonly<Record<string, unknown>>;
}

export interface AuditRow {
  readonly entry_id: string;
  readonly at: Date;
  readonly actor: string;
  readonly role: string;
  readonly action: string;
  readonly about: string | null;
  readonly why: string | null;
  readonly detail: Record<string, unknown>;
}

export interface AuditFilter {
  readonly actor: string | undefined;
  readonly action: string | undefined;
  readonly about: string | undefined;
  readonly before: string | undefined;
  readonly limit: number;
}

/** Part of the transaction that does what it tells of: nothing is done that is not noted. */
export async function writeAudit(
  target: Queryable,
  actor: Actor,
  now: Date,
  entry: AuditEntry,
): Promise<void> {
  await target.execute(
    `insert into audit_entry (at, actor, role, action, about, why, detail) values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      now.toISOString(),
      actor.subject,
      actor.role,
      entry.action,
      entry.about,
      entry.why,
      JSON.stringify(entry.detail ?? {}),
    ],
  );
}

export class AuditStore {
  constructor(private readonly database: Database) {}

  /** The newest first. */
  async list({ actor, action, about, before, limit }: AuditFilter): Promise<AuditRow[]> {
    return this.database.query<AuditRow>(
      `select entry_id::text, at, actor, role, action, about, why, detail from audit_entry
       where ($1::text is null or actor = $1) and ($2::text is null or action = $2)
         and ($3::text is null or about = $3) and ($4::bigint is null or entry_id < $4::bigint)
       order by entry_id desc limit ${limit}`,
      [actor ?? null, action ?? null, about ?? null, before ?? null],
    );
  }
}
