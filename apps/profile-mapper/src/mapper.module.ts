import { randomUUID } from 'node:crypto';
import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { KafkaModule, kafkaOptions, TopicPublisher } from '@watertight/kafka';
import { loadMarketplaces } from '@watertight/marketplaces';
import {
  assertMigrated,
  createDatabase,
  CreateLease1763900000000,
  Database,
  Leases,
  runMigrations,
} from '@watertight/postgres';
import { processEnvironment, type ServiceConfig, type ServiceContext } from '@watertight/service';
import { CoveragePublisher } from './coverage/publish-coverage.ts';
import { BatchMapper } from './map-batch.ts';
import type { mapperVariables } from './mapper.config.ts';
import { MapperHandlers } from './mapper.handlers.ts';
import { CreateMapper1763950000000 } from './migrations/create-mapper.ts';
import { JudgeAgain1764010000000 } from './migrations/judge-again.ts';
import { KeepCurrency1764050000000 } from './migrations/keep-currency.ts';
import { keepCurrency } from './money/keep-currency.ts';
import {
  BACKGROUND_LEASE_MS,
  BACKGROUND_PARTS,
  type BackgroundParts,
  BackgroundWork,
} from './reevaluate/background-work.ts';
import { Reevaluator } from './reevaluate/reevaluator.ts';

/** Also the consumer group. */
export const MAPPER = 'profile-mapper';

export type MapperConfig = ServiceConfig<typeof mapperVariables>;

export const MAPPER_MIGRATIONS = [
  CreateLease1763900000000,
  CreateMapper1763950000000,
  JudgeAgain1764010000000,
  KeepCurrency1764050000000,
];

export function mapperDatabase(
  { DATABASE_URL }: Pick<MapperConfig, 'DATABASE_URL'>,
  { logger }: Pick<ServiceContext, 'logger'>,
): Database {
  return createDatabase({
    url: DATABASE_URL,
    schema: 'mapper',
    migrations: MAPPER_MIGRATIONS,
    onConnectionLost: (error) =>
      logger.warn({ event: 'database_lost', err: error }, 'the database connection broke'),
  });
}

/** Closes the database after everything that uses it. */
class DatabaseCloser implements OnApplicationShutdown {
  constructor(@Inject(Database) private readonly database: Database) {}

  onApplicationShutdown(): Promise<void> {
    return this.database.close();
  }
}

@Module({})
export class MapperModule {
  /** Reads the policy and brings the schema up to date; throws ConfigError and RetryableError as those do. */
  static async forRoot(config: MapperConfig, context: ServiceContext): Promise<DynamicModule> {
    const { logger, clock, health } = context;
    const policy = loadMarketplaces(config.MARKETPLACES_FILE, {
      env: processEnvironment(),
      credentials: 'not needed',
    });
    const rules = { policy, buyerIdKey: config.BUYER_ID_KEY };
    const database = mapperDatabase(config, context);
    await runMigrations(database);
    await keepCurrency(database, policy.reportingCurrency);
    health.register('postgres', () => database.ping());
    health.register('migrations', () => assertMigrated(database));
    return {
      module: MapperModule,
      imports: [KafkaModule.forRoot({ ...kafkaOptions(config), clientId: MAPPER, logger, clock })],
      controllers: [MapperHandlers],
      providers: [
        { provide: Database, useValue: database },
        {
          provide: BatchMapper,
          inject: [TopicPublisher],
          useFactory: (publisher: TopicPublisher) => new BatchMapper(database, publisher, rules, clock),
        },
        {
          provide: BACKGROUND_PARTS,
          inject: [BatchMapper, TopicPublisher],
          useFactory: (mapper: BatchMapper, publisher: TopicPublisher): BackgroundParts => ({
            reevaluator: new Reevaluator(database, mapper),
            coverage: new CoveragePublisher(database, publisher, policy, clock),
            leases: new Leases(database, randomUUID(), BACKGROUND_LEASE_MS),
            clock,
          }),
        },
        BackgroundWork,
        DatabaseCloser,
      ],
    };
  }
}
