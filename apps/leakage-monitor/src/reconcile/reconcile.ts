import type { Command } from '@watertight/contracts';
import type { MarketplacePolicy } from '@watertight/marketplaces';
import type { Database } from '@watertight/postgres';
import type { Clock } from '@watertight/service';
import type { BalanceStore } from '../balance/balance.store.ts';
import type { ReadBalance } from '../balance/read-balance.ts';
import { noteCommands } from '../commands/sent-command.store.ts';
import type { SendCommands } from '../commands/send-commands.ts';
import { wakeSnoozed } from '../exceptions/act.store.ts';
import type { Cause } from '../exceptions/cause.ts';
import { raiseLate } from '../exceptions/late.store.ts';
import { raiseCauses, resolveOthers } from '../exceptions/raise.store.ts';
import {
  causesOfDays,
  causesOfFindings,
  causesOfMetrics,
  causesOfSource,
  noticesOfUnknownValues,
} from './causes-of-sources.ts';
import { noticesOfSettings } from './notices-of-settings.ts';
import { type CutRange, planCommands, planVerify } from './plan-commands.ts';
import { type ReconcileStore, takeChangedSettings } from './reconcile.store.ts';

export interface ReconcileParts {
  readonly database: Database;
  readonly store: ReconcileStore;
  readonly balances: BalanceStore;
  readonly balance: ReadBalance;
  readonly policies: readonly MarketplacePolicy[];
  readonly commands: SendCommands;
  readonly clock: Clock;
  /** Since when polls could have been seen. */
  readonly startedAt: Date;
  /** What the history of the marketplaces says. */
  readonly historyCauses: (now: Date) => Promise<readonly Cause[]>;
}

const VERIFY_MAX = 100;

/**
 * One pass over everything that is not decided by one order alone:
 *   1. what Mirakl, Klaviyo and the stages say of themselves is held against the ledger (causes-of-sources),
 *   2. differences are raised as exceptions, and those that are gone resolved,
 *   3. orders that stay under way too long are raised (exceptions/late.store),
 *   4. what was put aside until now comes back,
 *   5. the services are asked to fetch, sweep or verify what is missing (plan-commands), each once.
 * Idempotent, and any number of replicas may do it at the same time.
 */
export async function reconcile(parts: ReconcileParts): Promise<void> {
  const now = parts.clock.now();
  const { causes, cuts } = await findCauses(parts, now);
  const notices = noticesOfUnknownValues(await parts.store.unknownValues());
  const verify = await findToVerify(parts, causes, now);
  const noted = await parts.database.transaction(async (transaction) => {
    const changed = await takeChangedSettings(transaction);
    const news = changed.flatMap(({ before, now: after }) => noticesOfSettings(before, after));
    const late = await raiseLate(transaction, now);
    await raiseCauses(transaction, [...causes, ...notices, ...news], now);
    await resolveOthers(transaction, 'source', causes, now);
    await wakeSnoozed(transaction, now);
    return noteCommands(transaction, [...planCommands([...causes, ...late], cuts, now), ...verify]);
  });
  await parts.commands.send(noted);
  await parts.commands.sendWaiting();
}

async function findCauses(
  { store, balances, balance, policies, startedAt, historyCauses }: ReconcileParts,
  now: Date,
): Promise<{ causes: Cause[]; cuts: ReadonlyMap<string, CutRange> }> {
  const sheets = (await balance.read({})).marketplaces;
  const { states } = await balances.sources();
  const missing = await store.missing();
  const sources = sheets.flatMap(({ marketplaceId, settled, auditedAt, difference }) =>
    causesOfSource(
      {
        marketplaceId,
        state: states.get(marketplaceId),
        pollIntervalMs: policies.find(({ id }) => id === marketplaceId)?.pollIntervalMs ?? null,
        settled,
        auditedAt,
        difference,
        missing: missing.get(marketplaceId) ?? [],
      },
      startedAt,
      now,
    ),
  );
  const cuts = sheets.flatMap(({ marketplaceId, since, settled, asOf }): [string, CutRange][] =>
    settled && since !== null ? [[marketplaceId, { since, until: asOf }]] : [],
  );
  const causes = [
    ...sources,
    ...causesOfDays(await store.countedDays(now)),
    ...causesOfFindings(await store.findings()),
    ...causesOfMetrics(await store.metricCounts(now)),
    ...(await historyCauses(now)),
  ];
  return { causes, cuts: new Map(cuts) };
}

async function findToVerify(
  { store }: ReconcileParts,
  causes: readonly Cause[],
  now: Date,
): Promise<Command[]> {
  const commands: Command[] = [];
  for (const cause of causes.filter(({ reason }) => reason === 'balance.klaviyo_differs')) {
    const orderKeys = await store.unverifiedOf(cause.about.slice(-10), VERIFY_MAX);
    commands.push(...planVerify(orderKeys, cause, now));
  }
  return commands;
}
