import type { Command } from '@watertight/contracts';
import type { Database } from '@watertight/postgres';
import { controlBackfill, noteBackfills } from '../backfill/backfill.store.ts';
import { wantChecks } from '../settings/settings.store.ts';
import { noteSweepRequests } from '../sweep/sweep.store.ts';
import { wantedOf } from './refetch-order.ts';
import { wantOrders } from './wanted-order.store.ts';

/**
 * Notes what people asked for, in the order in which they did; the replica that polls the marketplace does it. A
 * command that arrives again is noted once. Errors as Database.
 */
export async function noteCommands(database: Database, commands: readonly Command[]): Promise<void> {
  const wanted = commands.map(wantedOf).filter((one) => one !== null);
  await wantOrders(database, wanted);
  for (const command of commands) await noteOne(database, command);
}

async function noteOne(database: Database, command: Command): Promise<void> {
  const requestedAt = new Date(command.requestedAt);
  switch (command.type) {
    case 'backfill': {
      const { commandId: backfillId, marketplaceId, dryRun, requestedBy, from, to } = command;
      const span = { since: new Date(from), until: new Date(to) };
      return noteBackfills(database, [
        { backfillId, marketplaceId, ...span, dryRun, requestedBy, requestedAt },
      ]);
    }
    case 'backfill_control':
      return controlBackfill(database, command.marketplaceId, command.backfillId, command.action);
    case 'sweep': {
      const { commandId, marketplaceId, from, to } = command;
      const span = { since: new Date(from), until: new Date(to) };
      return noteSweepRequests(database, [{ commandId, marketplaceId, ...span, requestedAt }]);
    }
    case 'check':
      return command.marketplaceId === null ? undefined : wantChecks(database, [command.marketplaceId]);
    default:
      return undefined;
  }
}
