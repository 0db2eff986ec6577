import { randomUUID } from 'node:crypto';
import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { GroupLag, KafkaConnection, KafkaModule, kafkaOptions, TopicPublisher } from '@watertight/kafka';
import { loadMarketplaces, type MarketplacesPolicy } from '@watertight/marketplaces';
import { assertMigrated, createDatabase, Database, Leases, runMigrations } from '@watertight/postgres';
import { processEnvironment, type ServiceConfig, type ServiceContext } from '@watertight/service';
import { Admission } from './backfill/admission.ts';
import { messagesBehind, STAGES_BEHIND } from './backfill/messages-behind.ts';
import { CaptureTurn } from './capture/capture-turn.ts';
import { CAPTURE_TOPICS } from './capture/capture-topics.ts';
import { INGEST_GROUP } from './capture/unreadable-order.ts';
import type { ingestVariables } from './ingest.config.ts';
import { IngestHandlers } from './ingest.handlers.ts';
import { INGEST_MIGRATIONS } from './migrations/ingest-migrations.ts';
import { sourceOf } from './mirakl/source-of.ts';
import { LEASE_DURATION_MS } from './poll/hold-lease.ts';
import { leaseNameOf, MarketplacePoller } from './poll/marketplace-poller.ts';
import { POLLERS, PollScheduler } from './poll/poll-scheduler.ts';

export type IngestConfig = ServiceConfig<typeof ingestVariables>;

/** Closes the database after everything that uses it. */
class DatabaseCloser implements OnApplicationShutdown {
  constructor(@Inject(Database) private readonly database: Database) {}

  onApplicationShutdown(): Promise<void> {
    return this.database.close();
  }
}

@Module({})
export class IngestModule {
  /** Reads the policy and brings the schema up to date; throws ConfigError and RetryableError as those do. */
  static async forRoot(config: IngestConfig, context: ServiceContext): Promise<DynamicModule> {
    const { logger, clock, health } = context;
    const policy = loadMarketplaces(config.MARKETPLACES_FILE, {
      env: processEnvironment(),
      credentials: 'required',
    });
    for (const warning of policy.warnings) logger.warn({ event: 'policy' }, warning);
    const database = ingestDatabase(config, context);
    await runMigrations(database);
    health.register('postgres', () => database.ping());
    health.register('migrations', () => assertMigrated(database));
    return {
      module: IngestModule,
      imports: [KafkaModule.forRoot({ ...kafkaOptions(config), clientId: INGEST_GROUP, logger, clock })],
      controllers: [IngestHandlers],
      providers: [
        { provide: Database, useValue: database },
        {
          provide: GroupLag,
          inject: [KafkaConnection],
          useFactory: (connection: KafkaConnection) => new GroupLag(connection, clock),
        },
        {
          provide: POLLERS,
          inject: [TopicPublisher, GroupLag],
          useFactory: (publisher: TopicPublisher, lag: GroupLag) =>
            pollersOf(policy, { database, publisher, lag }, context, config),
        },
        PollScheduler,
        DatabaseCloser,
      ],
    };
  }
}

export function ingestDatabase(
  config: Pick<IngestConfig, 'DATABASE_URL'>,
  { logger }: Pick<ServiceContext, 'logger'>,
): Database {
  return createDatabase({
    url: config.DATABASE_URL,
    schema: 'ingest',
    migrations: INGEST_MIGRATIONS,
    onConnectionLost: (error) =>
      logger.warn({ event: 'database_lost', err: error }, 'the database connection broke'),
  });
}

interface Adapters {
  readonly database: Database;
  readonly publisher: TopicPublisher;
  readonly lag: GroupLag;
}

function pollersOf(
  { marketplaces }: MarketplacesPolicy,
  { database, publisher, lag }: Adapters,
  { clock, logger }: ServiceContext,
  { SWEEP_DAYS: sweepDays, BACKFILL_MAX_IN_FLIGHT: maxInFlight }: IngestConfig,
): readonly MarketplacePoller[] {
  const leases = new Leases(database, randomUUID(), LEASE_DURATION_MS);
  const inFlight = messagesBehind(lag, STAGES_BEHIND);
  return marketplaces.map((marketplace) => {
    const source = sourceOf(marketplace, clock);
    return new MarketplacePoller(marketplace, {
      database,
      publisher,
      topics: CAPTURE_TOPICS,
      assertHeld: (transaction, marketplaceId) => leases.assertHeld(transaction, leaseNameOf(marketplaceId)),
      turn: new CaptureTurn(),
      admission: new Admission(inFlight, clock, maxInFlight),
      source,
      clock,
      logger,
      leases,
      random: Math.random,
      sweepDays,
    });
  });
}
