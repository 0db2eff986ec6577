import type {
  OrderFactSchema,
  OutcomeSchema,
  RefundFactSchema,
  TopicDefinition,
} from '@watertight/contracts';
import {
  groupMembers,
  heldStretches,
  type HeldStretch,
  type KafkaConnection,
  readWhole,
  type WholeBatch,
} from '@watertight/kafka';
import { type Database, runMigrations } from '@watertight/postgres';
import type { Clock } from '@watertight/service';
import { Compile } from 'typebox/compile';
import type { ContactVault } from '../contacts/contact-vault.ts';
import { agreePage } from '../exceptions/late.store.ts';
import type { BatchFollower } from '../ledger/batch-follower.ts';
import { LedgerStore } from '../ledger/ledger.store.ts';
import type { LedgerMessage } from '../ledger/stage-batch.ts';
import { dropSchema, resolveStrangers, takeOver } from './rebuild.store.ts';

export interface LedgerTopics {
  readonly orders: TopicDefinition<typeof OrderFactSchema>;
  readonly refunds: TopicDefinition<typeof RefundFactSchema>;
  readonly outcomes: TopicDefinition<typeof OutcomeSchema>;
}

export interface RebuildParts {
  readonly connection: KafkaConnection;
  readonly topics: LedgerTopics;
  /** The group of the service that folds the ledger: nobody may be in it. */
  readonly groupId: string;
  /** The ledger that is replaced. */
  readonly database: Database;
  /** A schema of its own in the same database; what is in it is removed before and after. */
  readonly scratch: Database;
  readonly vault: ContactVault;
  readonly clock: Clock;
  readonly followers: readonly BatchFollower[];
  /** Go on although a topic no longer reaches back to its beginning: older orders vanish from the ledger. */
  readonly fromWhatIsLeft: boolean;
}

export interface Rebuilt {
  readonly messages: number;
  readonly orders: number;
}

/** The ledger cannot be made anew as things are; the message says why and what to do. Nothing was changed. */
export class RebuildRefusedError extends Error {
  override readonly name = 'RebuildRefusedError';
}

/**
 * Makes the ledger anew from the topics: folds them from their beginning into a schema of its own, puts that in place of
 * the ledger in one transaction, and brings the exceptions to agree. Until the transaction nothing has changed.
 * Throws RebuildRefusedError, and RetryableError while broker or database do not answer.
 */
export async function rebuildLedger(parts: RebuildParts): Promise<Rebuilt> {
  const { connection, database, scratch, clock } = parts;
  const topics = [parts.topics.orders, parts.topics.refunds, parts.topics.outcomes];
  await refuseWhileFolding(parts);
  const stretches = await heldStretches(connection, topics);
  if (!parts.fromWhatIsLeft) refuseGaps(stretches);
  await dropSchema(database, scratch.schema);
  await runMigrations(scratch);
  const messages = await foldAll(parts, topics, stretches);
  // Whoever started meanwhile would have folded into what is about to be replaced.
  await refuseWhileFolding(parts);
  const orders = await takeOver(database, scratch.schema);
  await agreeDesk(database, clock);
  await dropSchema(database, scratch.schema);
  return { messages, orders };
}

async function refuseWhileFolding({ connection, groupId }: RebuildParts): Promise<void> {
  const members = await groupMembers(connection, groupId);
  if (members === 0) return;
  throw new RebuildRefusedError(`${groupId} is running (${members} in its group): stop it, then try again`);
}

function refuseGaps(stretches: readonly HeldStretch[]): void {
  const gaps = stretches.filter(({ from }) => from > 0n);
  if (gaps.length === 0) return;
  const places = gaps.map(({ topic, partition, from }) => `${topic}/${partition} begins at ${from}`);
  throw new RebuildRefusedError(
    `topics no longer reach back to their beginning (${places.join(', ')}): orders before it would vanish from the ledger. ` +
      'Restore the database instead, or go on with --from-what-is-left and ask for a backfill of the days before',
  );
}

async function foldAll(
  parts: RebuildParts,
  topics: readonly TopicDefinition[],
  stretches: readonly HeldStretch[],
): Promise<number> {
  const { connection, scratch: database, vault, clock, followers } = parts;
  const ordersTopic = parts.topics.orders.name;
  const ledger = new LedgerStore({ database, vault, clock, followers, ordersTopic, raises: false });
  const read = readerOf(parts.topics);
  let count = 0;
  await readWhole(connection, topics, stretches, async (batch) => {
    const { topic, partition, nextOffset } = batch;
    const messages = read(batch);
    await ledger.fold({ topic, partition, nextOffset, messages });
    await ledger.addUpDeltas();
    count += messages.length;
  });
  return count;
}

/** What fits no schema was left out by the reader, as the service leaves it to the dead letters. */
function readerOf({ orders, refunds, outcomes }: LedgerTopics): (batch: WholeBatch) => LedgerMessage[] {
  const order = Compile(orders.schema);
  const refund = Compile(refunds.schema);
  const outcome = Compile(outcomes.schema);
  return ({ topic, messages }) =>
    messages.flatMap(({ value }): LedgerMessage[] => {
      if (topic === orders.name && order.Check(value)) return [{ kind: 'order', fact: value }];
      if (topic === refunds.name && refund.Check(value)) return [{ kind: 'refund', fact: value }];
      if (topic === outcomes.name && outcome.Check(value)) return [{ kind: 'outcome', outcome: value }];
      return [];
    });
}

async function agreeDesk(database: Database, clock: Clock): Promise<void> {
  await database.transaction((transaction) => resolveStrangers(transaction, clock.now()));
  let page: string | undefined = '';
  while (page !== undefined) {
    const from: string = page;
    page = await database.transaction((transaction) => agreePage(transaction, from, clock.now()));
  }
}
