import { type DynamicModule, Module, type OnApplicationShutdown } from '@nestjs/common';
import { KafkaModule, kafkaOptions, TopicPublisher } from '@watertight/kafka';
import { loadMarketplaces } from '@watertight/marketplaces';
import {
  assertMigrated,
  createDatabase,
  CreateLease1763900000000,
  Database,
  runMigrations,
} from '@watertight/postgres';
import { processEnvironment, type ServiceContext } from '@watertight/service';
import { checkKlaviyo } from './check-klaviyo.ts';
import { RunCommands } from './commands/run-commands.ts';
import { DeliverBatch } from './deliver-batch.ts';
import { assertNothingDropped } from './klaviyo/assert-nothing-dropped.ts';
import { KlaviyoClient } from './klaviyo/klaviyo-client.ts';
import { PrivacyClient } from './klaviyo/privacy-client.ts';
import { CreateDeliveryLedger1763950000000 } from './migrations/create-delivery-ledger.ts';
import { KeepProfiles1764010000000 } from './migrations/keep-profiles.ts';
import { RememberDroppedPhones1764030000000 } from './migrations/remember-dropped-phones.ts';
import { TellDeliveries1764000000000 } from './migrations/tell-deliveries.ts';
import { TakeProfiles } from './profiles/take-profiles.ts';
import { RunRounds } from './rounds/run-rounds.ts';
import { VerifyLoop } from './verify/verify-loop.ts';
import type { WriterConfig } from './writer.config.ts';
import { WriterHandlers } from './writer.handlers.ts';
import { type WriterParts, writerParts } from './writer.parts.ts';

/** Also the consumer group. */
export const WRITER = 'klaviyo-writer';

export const WRITER_MIGRATIONS = [
  CreateLease1763900000000,
  CreateDeliveryLedger1763950000000,
  TellDeliveries1764000000000,
  KeepProfiles1764010000000,
  RememberDroppedPhones1764030000000,
];

/** One connection per lane, and some for the verifier and the limiter. */
const CONNECTIONS_MAX = 16;

export function writerDatabase(
  { DATABASE_URL }: Pick<WriterConfig, 'DATABASE_URL'>,
  { logger }: ServiceContext,
): Database {
  return createDatabase({
    url: DATABASE_URL,
    schema: 'writer',
    migrations: WRITER_MIGRATIONS,
    connectionsMax: CONNECTIONS_MAX,
    onConnectionLost: (error) =>
      logger.warn({ event: 'database_lost', err: error }, 'the database connection broke'),
  });
}

function privacyClient({
  KLAVIYO_PRIVACY_API_KEY: apiKey,
  KLAVIYO_BASE_URL: baseUrl,
  KLAVIYO_TIMEOUT: timeoutMs,
}: WriterConfig): PrivacyClient | null {
  return apiKey === undefined ? null : new PrivacyClient({ apiKey, baseUrl, timeoutMs });
}

/** Closes what the others use, after they have ended. */
class Closer implements OnApplicationShutdown {
  constructor(
    private readonly database: Database,
    private readonly client: KlaviyoClient,
    private readonly privacy: PrivacyClient | null,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    this.client.close();
    this.privacy?.close();
    await this.database.close();
  }
}

@Module({})
export class WriterModule {
  /** Reads the policy, brings the schema up to date and tries the key; throws ConfigError and RetryableError. */
  static async forRoot(config: WriterConfig, context: ServiceContext): Promise<DynamicModule> {
    const { logger, clock, health } = context;
    const policy = loadMarketplaces(config.MARKETPLACES_FILE, {
      env: processEnvironment(),
      credentials: 'not needed',
    });
    await assertNothingDropped();
    const client = new KlaviyoClient({
      apiKey: config.KLAVIYO_API_KEY,
      baseUrl: config.KLAVIYO_BASE_URL,
      timeoutMs: config.KLAVIYO_TIMEOUT,
    });
    const privacy = privacyClient(config);
    const database = writerDatabase(config, context);
    await runMigrations(database);
    await checkKlaviyo(client.account, context);
    health.register('klaviyo', () => client.check());
    health.register('postgres', () => database.ping());
    health.register('migrations', () => assertMigrated(database));
    const make = (publisher: TopicPublisher): WriterParts =>
      writerParts({ config, policy, database, client, privacy, publisher, context });
    return {
      module: WriterModule,
      imports: [KafkaModule.forRoot({ ...kafkaOptions(config), clientId: WRITER, logger, clock })],
      controllers: [WriterHandlers],
      providers: [
        { provide: Database, useValue: database },
        { provide: Closer, useValue: new Closer(database, client, privacy) },
        { provide: PARTS, inject: [TopicPublisher], useFactory: make },
        { provide: DeliverBatch, inject: [PARTS], useFactory: (parts: WriterParts) => parts.deliverBatch },
        { provide: RunCommands, inject: [PARTS], useFactory: (parts: WriterParts) => parts.commands },
        { provide: TakeProfiles, inject: [PARTS], useFactory: (parts: WriterParts) => parts.takeProfiles },
        {
          provide: RunRounds,
          inject: [PARTS],
          useFactory: (parts: WriterParts) => new RunRounds(parts.rounds),
        },
        { provide: VerifyLoop, inject: [PARTS], useFactory: (parts: WriterParts) => parts.verifyLoop },
      ],
    };
  }
}

const PARTS = Symbol('PARTS');
