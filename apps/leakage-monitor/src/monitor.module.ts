import { type DynamicModule, Inject, Module, type Provider, type Type } from '@nestjs/common';
import type { CommandSchema, OutcomeSchema, TopicDefinition } from '@watertight/contracts';
import { KafkaModule, kafkaOptions, type kafkaVariables } from '@watertight/kafka';
import type { MarketplacesPolicy } from '@watertight/marketplaces';
import { assertMigrated, createDatabase, Database, runMigrations } from '@watertight/postgres';
import type { ConfigOf, ServiceContext } from '@watertight/service';
import { Access } from './access/access.ts';
import { BrowserSignIn } from './access/browser-sign-in.ts';
import { SessionController } from './access/session.controller.ts';
import { SignIn } from './access/sign-in.ts';
import { BalanceController } from './balance/balance.controller.ts';
import { BalanceGauges } from './balance/balance-gauges.ts';
import { BalanceStore } from './balance/balance.store.ts';
import { ReadBalance } from './balance/read-balance.ts';
import { ConsentsStore } from './consents/consents.store.ts';
import { BuyerKey } from './contacts/buyer-key.ts';
import { ContactVault } from './contacts/contact-vault.ts';
import { ContactsStore } from './contacts/contacts.store.ts';
import { deskControllers, deskProviders } from './desk.providers.ts';
import { ExceptionsStore } from './exceptions/exceptions.store.ts';
import { FoldBatch } from './fold-batch.ts';
import { LedgerStore } from './ledger/ledger.store.ts';
import { LiveFeed } from './live/live-feed.ts';
import { LiveController } from './live/live.controller.ts';
import { monitorMigrations } from './migrations/monitor-migrations.ts';
import { MonitorHandlers } from './monitor.handlers.ts';
import { OrdersController } from './orders/orders.controller.ts';
import { OrdersStore } from './orders/orders.store.ts';
import { ReadOrders } from './orders/read-orders.ts';
import { reportControllers, reportFollowers, reportProviders } from './reports.module.ts';
import { ContactQualityStore } from './marketplaces/contact-quality.store.ts';
import { RepeatedTask } from './schedule/repeated-task.ts';
import { WatchSilence } from './silence/watch-silence.ts';
import { SilenceStore } from './silence/silence.store.ts';
import { WatchDrift } from './silence/watch-drift.ts';

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
  readonly outcomesTopic?: TopicDefinition<typeof OutcomeSchema>;
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
        ...deskControllers,
        LiveController,
        SessionController,
        ...reportControllers,
      ],
      providers: [{ provide: Database, useValue: database }, DatabaseCloser, ...providersOf(parts)],
    };
  }
}

/** Keeps the collected changes of the balance few, so that reading it stays fast. The balance is right without it. */
const SUMS_INTERVAL_MS = 1_000;

function providersOf(parts: MonitorParts): Provider[] {
  const { config, database, policy, context, access, ordersTopic } = parts;
  const { clock, logger } = context;
  const { marketplaces } = policy;
  const signIn = new SignIn(access, clock);
  const vault = new ContactVault(config.BUYER_ID_KEY);
  const contacts = new ContactsStore(database, vault);
  const orders = new OrdersStore(database);
  const key = new BuyerKey(config.BUYER_ID_KEY);
  const exceptions = new ExceptionsStore(database);
  const ledger = new LedgerStore({
    database,
    vault,
    clock,
    followers: reportFollowers,
    ...(ordersTopic === undefined ? {} : { ordersTopic }),
  });
  const { contactDrop } = policy.alerts;
  const drift = new WatchDrift(new ContactQualityStore(database), marketplaces, contactDrop);
  const silence = new WatchSilence(new SilenceStore(database), marketplaces);
  const balances = new BalanceStore(database, ordersTopic);
  const balance = new ReadBalance(balances, marketplaces, clock);
  const live = new LiveFeed(balance, exceptions, clock, logger);
  return [
    { provide: Access, useValue: access },
    { provide: SignIn, useValue: signIn },
    { provide: BrowserSignIn, useValue: new BrowserSignIn(access, signIn, clock) },
    { provide: FoldBatch, useValue: new FoldBatch(ledger, () => live.noteFolded()) },
    {
      provide: 'adding-up-sums',
      useValue: new RepeatedTask({
        name: 'adding up sums',
        intervalMs: SUMS_INTERVAL_MS,
        run: () => ledger.addUpDeltas(),
        clock,
        logger,
      }),
    },
    { provide: ReadBalance, useValue: balance },
    { provide: BalanceGauges, useValue: new BalanceGauges(balance, clock) },
    { provide: LiveFeed, useValue: live },
    {
      provide: ReadOrders,
      useValue: new ReadOrders(orders, contacts, exceptions, marketplaces, clock),
    },
    ...reportProviders({ database, policy, context, balances, balance, silence, drift }),
    { provide: ConsentsStore, useValue: new ConsentsStore(database) },
    ...deskProviders({
      ...parts,
      policies: marketplaces,
      contacts,
      orders,
      exceptions,
      balances,
      balance,
      key,
      historyCauses: async (now: Date) => [...(await drift.causes(now)), ...(await silence.causes(now))],
    }),
  ];
}
