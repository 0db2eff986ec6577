import type { FieldCoverage } from '@watertight/contracts';
import type { Database } from '@watertight/postgres';

/** Reads which source fields were seen. */
export class CoverageStore {
  constructor(private readonly database: Database) {}

  /** `marketplaceId` null is all of them. */
  async read(marketplaceId: string | null): Promise<FieldCoverage[]> {
    const rows = await this.database.query<{ body: FieldCoverage }>(
      `select body from stage_word
       where kind = 'field_coverage' and ($1::text is null or marketplace_id = $1) order by subject`,
      [marketplaceId],
    );
    return rows.map(({ body }) => body);
  }
}
