import type { Finding, MarketplaceSettings, UnknownValue } from '@watertight/contracts';
import type { Database } from '@watertight/postgres';

/** What was said of marketplaces as a whole: of each subject the newest word. */
export interface MarketplaceWords {
  readonly settings: readonly MarketplaceSettings[];
  readonly findings: readonly Finding[];
  readonly unknownValues: readonly UnknownValue[];
}

type Word = MarketplaceSettings | Finding | UnknownValue;

/** Reads them from the words that the ledger keeps. */
export class MarketplaceWordsStore {
  constructor(private readonly database: Database) {}

  async read(): Promise<MarketplaceWords> {
    const rows = await this.database.query<{ body: Word }>(
      `select body from stage_word where kind in ('marketplace_settings', 'finding', 'unknown_value')
       order by kind, subject`,
    );
    const words = rows.map(({ body }) => body);
    return {
      settings: words.filter((word) => word.kind === 'marketplace_settings'),
      findings: words.filter((word) => word.kind === 'finding'),
      unknownValues: words.filter((word) => word.kind === 'unknown_value'),
    };
  }
}
