import type { MarketplacePolicy } from '@watertight/marketplaces';
import type { Clock } from '@watertight/service';
import type { MarketplaceBalance } from '../balance/balance.api.ts';
import type { BalanceStore, Sources } from '../balance/balance.store.ts';
import type { ReadBalance } from '../balance/read-balance.ts';
import { reasonWords } from '../ledger/reason-words.ts';
import { settledCut } from '../reconcile/settled-cut.ts';
import type { SourceState } from '../reconcile/source-state.ts';
import { currentFailure, judgeHealth } from './judge-health.ts';
import type { Marketplace, Marketplaces } from './marketplaces.api.ts';

/** How each source is: fresh or not, counted or not, and what fails. */
export class ReadMarketplaces {
  constructor(
    private readonly store: BalanceStore,
    private readonly balance: ReadBalance,
    private readonly policies: readonly MarketplacePolicy[],
    private readonly clock: Clock,
  ) {}

  async read(): Promise<Marketplaces> {
    const sources = await this.store.sources();
    const { marketplaces } = await this.balance.read({});
    return {
      asOf: this.clock.now().toISOString(),
      marketplaces: marketplaces.map((sheet) => this.#describe(sheet, sources)),
    };
  }

  #describe(sheet: MarketplaceBalance, { states, folded }: Sources): Marketplace {
    const { marketplaceId, name, configured } = sheet;
    const policy = this.policies.find(({ id }) => id === marketplaceId);
    const source = states.get(marketplaceId);
    const audit = source?.audits.at(-1);
    const cut = source === undefined ? undefined : settledCut(source, folded);
    return {
      id: marketplaceId,
      name,
      configured,
      channel: policy?.channel ?? null,
      api: policy?.api ?? null,
      pollIntervalMs: policy?.pollIntervalMs ?? null,
      deliver: policy?.deliver ?? null,
      health: judgeHealth(source, policy?.pollIntervalMs ?? null, this.clock.now()),
      lastPoll: source?.lastPoll ?? null,
      lastAudit:
        audit === undefined
          ? null
          : {
              at: audit.at,
              since: audit.since,
              until: audit.until,
              orders: audit.orders,
              settled: cut?.auditedAt === audit.at,
            },
      lastFailure: lastFailureOf(source),
      orders: sheet.captured,
      difference: sheet.difference,
    };
  }
}

function lastFailureOf(source: SourceState | undefined): Marketplace['lastFailure'] {
  const failure = source?.lastFailure ?? null;
  if (failure === null) return null;
  const { meaning, whatToDo } = reasonWords(failure.reason);
  return { ongoing: currentFailure(source) !== null, ...failure, meaning, whatToDo };
}
