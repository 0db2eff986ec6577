import { type DynamicModule, Inject, Module, type Provider, type Type } from '@nestjs/common';
import type { CommandSchema, TopicDefinition } from '@watertight/contracts';
import { KafkaModule, kafkaOptions, type kafkaVariables, TopicPublisher } from '@watertight/kafka';
import type { MarketplacesPolicy } from '@watertight/marketplaces';
import { assertMigrated, createDatabase, Database, runMigrations } from '@watertight/postgres';
import type { ConfigOf, ServiceContext } from '@watertight/service';
import { Access } from './access/access.ts';
import { BrowserSignIn } from './access/browser-sign-in.ts';
import { MeController } from './access/me.controller.ts';
import { SessionController } from './access/session.controller.ts';
import { SignIn } from './access/sign-in.ts';
import { AuditController } from './audit/audit.controller.ts';
import { AuditStore } from './audit/audit.store.ts';
import { BalanceController } from './balance/balance.controller.ts';
import { BalanceGauges } from './balance/balance-gauges.ts';
import { BalanceStore } from './balance/balance.store.ts';
import { ReadBalance } from './balance/read-balance.ts';
import { SendCommands } from './commands/send-commands.ts';
import { SentCommandStore } from './commands/sent-command.store.ts';
import { ContactVault } from './contacts/contact-vault.ts';
import { ContactsStore } from './contacts/contacts.store.ts';
import { ActOnExceptions } from './exceptions/act-on-exceptions.ts';
import { BulkController } from './exceptions/bulk.controller.ts';
import { ExceptionsController } from './exceptions/exceptions.controller.ts';
import { ExceptionsStore } from './exceptions/exceptions.store.ts';
import { ReadExceptions } from './exceptions/read-exceptions.ts';
import { FoldBatch } from './fold-batch.ts';
import { DeltaAdder } from './ledger/delta-adder.ts';
import { LedgerStore } from './ledger/ledger.store.ts';
import { LiveBalance } from './live/live-balance.ts';
import { LiveController } from './live/live.controller.ts';
import { monitorMigrations } from './migrations/monitor-migrations.ts';
import { MonitorHandlers } from './monitor.handlers.ts';
import { OrdersController } from './orders/orders.controller.ts';
import { OrdersStore } from './orders/orders.store.ts';
import { ReadOrders } from './orders/read-orders.ts';
import { historyCausesOf, reportControllers, reportFollowers, reportProviders } from './reports.module.ts';
import { reconcile } from './reconcile/reconcile.ts';
import { ReconcileLoop } from './reconcile/reconcile-loop.ts';
import { ReconcileStore } from './reconcile/reconcile.store.ts';

export function monitorDatabase(url: string, { logger }: ServiceContext, schema = 'monitor'): Database {
  return createDatabase({
    url,
    schema,
    migrations: monitorMigrations,
    onConnectionLost: (error) => logger.warn({ event: 'database_lost', err: error }, 'lost the database'),
  });
}

export interface MonitorParts {
  readonly config: ConfigOf<typeof kafkaVariables> & { readonly BUYER_ID_KEY: string };
  readonly policy: MarketplacesPolicy;
  readonly context: ServiceContext;
  readonly database: Database;
  readonly access: Access;
  /** Other topics and their handlers only in tests. */
  readonly handlers?: Type;
  readonly ordersTopic?: string;
  readonly commandsTopic?: TopicDefinition<typeof CommandSchema>;
}

/** Closes the database after everything that uses it has ended. */
class DatabaseCloser {
  constructor(@Inject(Database) private readonly database: Database) {}

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}

@Module({})
export class MonitorModule {
  /** Migrates the schema, then wires the service. */
  static async forRoot(parts: MonitorParts): Promise<DynamicModule> {
    const { config, context, database, handlers = MonitorHandlers } = parts;
    await runMigrations(database);
    const { logger, clock, health } = context;
    health.register('postgres', () => database.ping());
    health.register('migrations', () => assertMigrated(database));
    return {
      module: MonitorModule,
      imports: [KafkaModule.forRoot({ ...kafkaOptions(config), clientId: 'leakage-monitor', logger, clock })],
      controllers: [
        handlers,
        BalanceController,
        OrdersController,
        BulkController,
        ExceptionsController,
        AuditController,
        MeController,
        LiveController,
        SessionController,
        ...reportControllers,
      ],
      providers: [{ provide: Database, useValue: database }, DatabaseCloser, ...providersOf(parts)],
    };
  }
}

function providersOf(parts: MonitorParts): Provider[] {
  const { config, database, policy, context, access, ordersTopic, commandsTopic } = parts;
  const { clock, logger } = context;
  const { marketplaces } = policy;
  const signIn = new SignIn(access, clock);
  const vault = new ContactVault(config.BUYER_ID_KEY);
  const contacts = new ContactsStore(database, vault);
  const exceptions = new ExceptionsStore(database);
  const ledger = new LedgerStore({
    database,
    vault,
    clock,
    followers: reportFollowers,
    ...(ordersTopic === undefined ? {} : { ordersTopic }),
  });
  const balances = new BalanceStore(database, ordersTopic);
  const balance = new ReadBalance(balances, marketplaces, clock);
  const live = new LiveBalance(balance, clock, logger);
  return [
    { provide: Access, useValue: access },
    { provide: SignIn, useValue: signIn },
    { provide: BrowserSignIn, useValue: new BrowserSignIn(access, signIn, clock) },
    { provide: AuditStore, useValue: new AuditStore(database) },
    { provide: FoldBatch, useValue: new FoldBatch(ledger, () => live.noteFolded()) },
    { provide: DeltaAdder, useValue: new DeltaAdder(ledger, clock, logger) },
    { provide: ReadBalance, useValue: balance },
    { provide: BalanceGauges, useValue: new BalanceGauges(balance, clock) },
    { provide: LiveBalance, useValue: live },
    {
      provide: ReadOrders,
      useValue: new ReadOrders(new OrdersStore(database), contacts, exceptions, marketplaces, clock),
    },
    ...reportProviders({ database, policy, context, balances, balance }),
    {
      provide: ReadExceptions,
      useValue: new ReadExceptions(exceptions, marketplaces, clock),
    },
    {
      provide: SendCommands,
      inject: [TopicPublisher],
      useFactory: (publisher: TopicPublisher) =>
        new SendCommands({
          store: new SentCommandStore(database),
          publisher,
          clock,
          ...(commandsTopic === undefined ? {} : { topic: commandsTopic }),
        }),
    },
    {
      provide: ReconcileLoop,
      inject: [SendCommands],
      useFactory: (commands: SendCommands) => {
        const store = new ReconcileStore(database);
        const startedAt = clock.now();
        const sources = {
          database,
          store,
          balances,
          balance,
          policies: marketplaces,
          commands,
          clock,
          startedAt,
          historyCauses: historyCausesOf(database, policy),
        };
        return new ReconcileLoop(() => reconcile(sources), clock, logger);
      },
    },
    {
      provide: ActOnExceptions,
      inject: [SendCommands],
      useFactory: (commands: SendCommands) => new ActOnExceptions(database, commands, clock),
    },
  ];
}
