import type { Database } from '@watertight/postgres';
import type { BatchMapper } from '../map-batch.ts';
import { republishCoverage } from '../coverage/coverage.store.ts';
import { workOf } from '../work.ts';
import { policyHashes } from './policy-hash.ts';
import {
  advanceReevaluation,
  applyPolicies,
  beginPage,
  listHeldOrders,
  listOrdersOfAddress,
  nextReevaluation,
  requestReevaluations,
  type StoredReevaluation,
} from './reevaluation.store.ts';

/** As many as a batch from Kafka. */
const PAGE = 500;

/** Judges again what a person, a changed policy or a newer fact asks for, page by page, by the ordinary flow. */
export class Reevaluator {
  constructor(
    private readonly database: Database,
    private readonly mapper: BatchMapper,
  ) {}

  /** At start: where the policy of a marketplace is another one than before, its held orders are to be judged again. */
  async notePolicies(): Promise<void> {
    const hashes = policyHashes(this.mapper.rules.policy);
    await this.database.transaction(async (tx) => {
      const changed = await applyPolicies(tx, hashes);
      await requestReevaluations(
        tx,
        changed.map((marketplaceId) => ({
          kind: 'held_orders',
          subject: marketplaceId,
          policyHash: hashes.get(marketplaceId) ?? null,
        })),
      );
      await republishCoverage(tx, changed);
    });
  }

  /** One page of the oldest request; false when there is none. RetryableError as the mapper throws it. */
  async runPage(): Promise<boolean> {
    const hashes = [...policyHashes(this.mapper.rules.policy).values()];
    const request = await nextReevaluation(this.database, hashes);
    if (request === undefined) return false;
    if (request.kind === 'profile') {
      await this.mapper.map(workOf({ buyers: [request.subject] }, []));
      await advanceReevaluation(this.database, request, null);
      return true;
    }
    const page = request.page ?? (await this.#nextOrders(request));
    if (page.length > 0) {
      if (request.page === null) await beginPage(this.database, request, page);
      // Somebody died with this page: what was written of it may not have been published.
      await this.mapper.map(workOf(request.page === null ? { again: page } : { replays: page }, []));
    }
    await advanceReevaluation(this.database, request, page.length < PAGE ? null : (page.at(-1) ?? null));
    return true;
  }

  #nextOrders({ kind, subject, afterKey }: StoredReevaluation): Promise<readonly string[]> {
    if (kind === 'held_orders') return listHeldOrders(this.database, subject, afterKey, PAGE);
    const [marketplaceId = '', buyerId = ''] = subject.split(' ');
    return listOrdersOfAddress(this.database, { marketplaceId, buyerId }, afterKey, PAGE);
  }
}
