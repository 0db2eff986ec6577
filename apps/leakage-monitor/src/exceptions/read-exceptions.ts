import type { MarketplacePolicy } from '@watertight/marketplaces';
import type { Clock } from '@watertight/service';
import type { Amounts } from '../ledger/balance.ts';
import type { Balance, Leak } from '../balance/balance.api.ts';
import type { BalanceStore, OldestRow } from '../balance/balance.store.ts';
import type { ReadBalance } from '../balance/read-balance.ts';
import { reasonWords } from '../ledger/reason-words.ts';
import { currentFailure } from '../marketplaces/judge-health.ts';
import type { SourceState } from '../reconcile/source-state.ts';
import type { ExceptionGroup, Exceptions, ExceptionsQuery } from './exceptions.api.ts';

const NO_ORDERS: Amounts = { orders: 0, money: {}, unknownMoney: 0 };
const HOUR_MS = 60 * 60 * 1000;

/** The gaps of the ledger and of its sources, by reason and marketplace. */
export class ReadExceptions {
  constructor(
    private readonly store: BalanceStore,
    private readonly balance: ReadBalance,
    private readonly policies: readonly MarketplacePolicy[],
    private readonly clock: Clock,
  ) {}

  async read({ marketplace, owner }: ExceptionsQuery): Promise<Exceptions> {
    const all = await this.balance.read(marketplace === undefined ? {} : { marketplace });
    const { states } = await this.store.sources();
    const ids = all.marketplaces.map(({ marketplaceId }) => marketplaceId);
    const oldest = await this.store.oldest(ids, all.leaking);
    const groups: ExceptionGroup[] = [];
    for (const sheet of all.marketplaces) {
      const id = sheet.marketplaceId;
      groups.push(...sheet.leaking.map((leak) => this.#leakGroup(id, leak, oldest)));
      groups.push(...this.#sourceGroups(sheet, states.get(id)));
    }
    const now = this.clock.now().toISOString();
    return {
      asOf: now,
      groups: groups.filter((group) => owner === undefined || group.owner === owner).sort(byUrgency),
      exceptions: [],
      nextCursor: null,
    };
  }

  #leakGroup(marketplaceId: string, leak: Leak, oldest: readonly OldestRow[]): ExceptionGroup {
    const row = oldest.find(
      (one) =>
        one.marketplaceId === marketplaceId && one.bucket === leak.bucket && one.reason === leak.reason,
    );
    const { orders, money, unknownMoney } = leak;
    return this.#group(leak.reason, marketplaceId, leak.bucket, row?.since ?? null, {
      orders,
      money,
      unknownMoney,
    });
  }

  #sourceGroups(sheet: Balance['marketplaces'][number], source: SourceState | undefined): ExceptionGroup[] {
    const id = sheet.marketplaceId;
    const groups: ExceptionGroup[] = [];
    const failure = currentFailure(source);
    if (failure !== null) {
      const group = this.#group(failure.reason, id, null, new Date(failure.at), NO_ORDERS);
      groups.push({ ...group, detail: failure.detail });
    }
    if (!sheet.settled) return groups;
    const { difference } = sheet;
    if (difference.orders !== 0 || Object.values(difference.money).some((amount) => Number(amount) !== 0)) {
      const since = sheet.auditedAt === null ? null : new Date(sheet.auditedAt);
      groups.push(this.#group('source.count_differs', id, null, since, difference));
    }
    return groups;
  }

  #group(
    reason: string,
    marketplaceId: string,
    bucket: ExceptionGroup['bucket'],
    since: Date | null,
    amounts: Amounts,
  ): ExceptionGroup {
    const { meaning, owner, severity, dueHours, whatToDo, resolvesWhen, runbook } = reasonWords(reason);
    const dueMs = since === null || dueHours === null ? null : since.getTime() + dueHours * HOUR_MS;
    return {
      reason,
      marketplaceId,
      bucket,
      meaning,
      owner,
      ownerContact: this.policies.find(({ id }) => id === marketplaceId)?.owners[owner] ?? null,
      severity,
      dueHours,
      dueAt: dueMs === null ? null : new Date(dueMs).toISOString(),
      overdue: dueMs !== null && dueMs < this.clock.now().getTime(),
      oldestSince: since?.toISOString() ?? null,
      whatToDo,
      resolvesWhen,
      runbook,
      detail: null,
      // Groups come from the sums; single exceptions are not followed yet.
      exceptions: 0,
      overdueCount: 0,
      unassigned: 0,
      reopened: 0,
      recurring: false,
      ...amounts,
    };
  }
}

const SEVERITIES = ['high', 'medium', 'low', 'info'];

function byUrgency(one: ExceptionGroup, other: ExceptionGroup): number {
  return (
    SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity) ||
    (one.dueAt ?? '9').localeCompare(other.dueAt ?? '9') ||
    other.orders - one.orders
  );
}
