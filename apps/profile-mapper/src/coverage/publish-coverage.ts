import type { Database } from '@watertight/postgres';
import type { MarketplacesPolicy } from '@watertight/marketplaces';
import type { Clock } from '@watertight/service';
import type { MessagePublisher } from '../map-batch.ts';
import { wordMessage } from '../messages.ts';
import { coverageWord, findFieldFindings } from './build-coverage-words.ts';
import {
  foldFieldCounts,
  listFieldRows,
  listUnpublished,
  markFindings,
  markPublished,
} from './coverage.store.ts';

/** The most that one round says; what is left over is said by the next. */
const WORDS_PER_ROUND = 500;

/** Says what fields were seen, whether they are mapped, and what has become of the mapped ones. */
export class CoveragePublisher {
  constructor(
    private readonly database: Database,
    private readonly publisher: MessagePublisher,
    private readonly policy: MarketplacesPolicy,
    private readonly clock: Clock,
  ) {}

  /** One round, under a lease: fold what was counted → publish what is news → note that it was published. */
  async publish(): Promise<void> {
    await this.database.transaction((tx) => foldFieldCounts(tx));
    const now = this.clock.now();
    const rows = await listUnpublished(this.database, WORDS_PER_ROUND);
    const found = findFieldFindings(await listFieldRows(this.database), this.policy, now);
    await this.publisher.publish([
      ...rows.map((row) => wordMessage(row.marketplaceId, coverageWord(row, this.policy, now))),
      ...found.map(({ row, word }) => wordMessage(row.marketplaceId, word)),
    ]);
    await markPublished(this.database, rows);
    await markFindings(this.database, found);
  }
}
