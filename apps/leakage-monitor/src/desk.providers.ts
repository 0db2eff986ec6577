import type { Provider, Type } from '@nestjs/common';
import type { CommandSchema, OutcomeSchema, TopicDefinition } from '@watertight/contracts';
import { TopicPublisher } from '@watertight/kafka';
import type { MarketplacePolicy } from '@watertight/marketplaces';
import type { Database } from '@watertight/postgres';
import type { ServiceContext } from '@watertight/service';
import { MeController } from './access/me.controller.ts';
import { AuditController } from './audit/audit.controller.ts';
import { AuditStore } from './audit/audit.store.ts';
import { BackfillsController } from './backfills/backfills.controller.ts';
import { BackfillsStore } from './backfills/backfills.store.ts';
import { RunBackfills } from './backfills/run-backfills.ts';
import type { BalanceStore } from './balance/balance.store.ts';
import type { ReadBalance } from './balance/read-balance.ts';
import { AskServices } from './commands/ask-services.ts';
import { CommandsController } from './commands/commands.controller.ts';
import { KnownMarketplaces } from './commands/known-marketplaces.ts';
import { SendCommands } from './commands/send-commands.ts';
import { SentCommandStore } from './commands/sent-command.store.ts';
import { ClaimContacts } from './contact-claims/claim-contacts.ts';
import { ClaimsStore } from './contact-claims/claims.store.ts';
import { ContactClaimsController } from './contact-claims/contact-claims.controller.ts';
import { BuyerKey } from './contacts/buyer-key.ts';
import { ContactsStore } from './contacts/contacts.store.ts';
import { ErasePerson } from './erasures/erase-person.ts';
import { ErasuresController } from './erasures/erasures.controller.ts';
import { ErasuresStore } from './erasures/erasures.store.ts';
import { ActOnExceptions } from './exceptions/act-on-exceptions.ts';
import { BulkController } from './exceptions/bulk.controller.ts';
import type { Cause } from './exceptions/cause.ts';
import { ExceptionsController } from './exceptions/exceptions.controller.ts';
import { ExceptionsStore } from './exceptions/exceptions.store.ts';
import { ReadExceptions } from './exceptions/read-exceptions.ts';
import { ContactsController } from './orders/contacts.controller.ts';
import { OrdersStore } from './orders/orders.store.ts';
import { reconcile } from './reconcile/reconcile.ts';
import { ReconcileStore } from './reconcile/reconcile.store.ts';
import { RepeatedTask } from './schedule/repeated-task.ts';

export const deskControllers: Type[] = [
  BulkController,
  ExceptionsController,
  CommandsController,
  ContactsController,
  ContactClaimsController,
  ErasuresController,
  BackfillsController,
  AuditController,
  MeController,
];

export interface DeskParts {
  readonly database: Database;
  readonly context: ServiceContext;
  readonly policies: readonly MarketplacePolicy[];
  readonly contacts: ContactsStore;
  readonly orders: OrdersStore;
  readonly exceptions: ExceptionsStore;
  readonly balances: BalanceStore;
  readonly balance: ReadBalance;
  readonly key: BuyerKey;
  /** What is amiss with a marketplace against its own history. */
  readonly historyCauses: (now: Date) => Promise<readonly Cause[]>;
  /** Other topics only in tests. */
  readonly commandsTopic?: TopicDefinition<typeof CommandSchema>;
  readonly outcomesTopic?: TopicDefinition<typeof OutcomeSchema>;
}

/** What people do about gaps: the desk, commands, claims, erasures, backfills, and the pass that raises and resolves. */
export function deskProviders(parts: DeskParts): Provider[] {
  const { database, context, policies, contacts, orders, exceptions, key } = parts;
  const { clock } = context;
  const marketplaces = new KnownMarketplaces(policies);
  return [
    { provide: AuditStore, useValue: new AuditStore(database) },
    { provide: OrdersStore, useValue: orders },
    { provide: ContactsStore, useValue: contacts },
    { provide: BuyerKey, useValue: key },
    { provide: KnownMarketplaces, useValue: marketplaces },
    { provide: ReadExceptions, useValue: new ReadExceptions(exceptions, policies, clock) },
    {
      provide: SendCommands,
      inject: [TopicPublisher],
      useFactory: (publisher: TopicPublisher) => sendCommands(parts, publisher),
    },
    {
      provide: AskServices,
      inject: [SendCommands],
      useFactory: (commands: SendCommands) => new AskServices(database, commands, clock),
    },
    {
      provide: ActOnExceptions,
      inject: [SendCommands],
      useFactory: (commands: SendCommands) => new ActOnExceptions(database, commands, clock),
    },
    {
      provide: ClaimContacts,
      inject: [SendCommands],
      useFactory: (commands: SendCommands) =>
        new ClaimContacts(database, new ClaimsStore(database), commands, clock),
    },
    {
      provide: RunBackfills,
      inject: [AskServices],
      useFactory: (services: AskServices) =>
        new RunBackfills(new BackfillsStore(database), services, marketplaces, clock),
    },
    {
      provide: ErasePerson,
      inject: [AskServices, TopicPublisher],
      useFactory: (services: AskServices, publisher: TopicPublisher) =>
        new ErasePerson({ ...parts, store: new ErasuresStore(database), services, publisher, clock }),
    },
    {
      provide: 'reconciling',
      inject: [SendCommands],
      useFactory: (commands: SendCommands) => reconciling(parts, commands),
    },
  ];
}

function sendCommands(
  { database, context, commandsTopic }: DeskParts,
  publisher: TopicPublisher,
): SendCommands {
  const store = new SentCommandStore(database);
  const topic = commandsTopic === undefined ? {} : { topic: commandsTopic };
  return new SendCommands({ store, publisher, clock: context.clock, ...topic });
}

/** After an outage of the database the desk is right again with the next pass. */
const RECONCILE_INTERVAL_MS = 5_000;

function reconciling({ context, ...parts }: DeskParts, commands: SendCommands): RepeatedTask {
  const { clock, logger } = context;
  const store = new ReconcileStore(parts.database);
  const sources = { ...parts, store, commands, clock, startedAt: clock.now() };
  return new RepeatedTask({
    name: 'reconciling',
    intervalMs: RECONCILE_INTERVAL_MS,
    run: () => reconcile(sources),
    clock,
    logger,
  });
}
