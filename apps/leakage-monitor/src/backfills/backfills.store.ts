import type { BackfillProgress, Command } from '@watertight/contracts';
import type { Database } from '@watertight/postgres';

const LIST_MAX = 200;

export interface AskedBackfill {
  readonly command: Extract<Command, { type: 'backfill' }>;
}

/** Reads backfills: what was asked for, and what mirakl-ingest says of each. */
export class BackfillsStore {
  constructor(private readonly database: Database) {}

  async progress(): Promise<BackfillProgress[]> {
    const rows = await this.database.query<{ body: BackfillProgress }>(
      `select body from stage_word where kind = 'backfill' order by at desc, subject limit ${LIST_MAX}`,
    );
    return rows.map(({ body }) => body);
  }

  /** Those that mirakl-ingest has not spoken of yet. */
  async unanswered(): Promise<AskedBackfill['command'][]> {
    const rows = await this.database.query<{ body: AskedBackfill['command'] }>(
      `select c.body from sent_command c
       where c.type = 'backfill'
         and not exists (select from stage_word w where w.kind = 'backfill' and w.subject = c.command_id)
       order by c.requested_at desc limit ${LIST_MAX}`,
    );
    return rows.map(({ body }) => body);
  }
}
