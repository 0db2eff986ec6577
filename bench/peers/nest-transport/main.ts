// The same work as klaviyo-writer, on the Kafka transport as NestJS ships it: one message at a time, no batches. Ledger,
// limiter and client are the writer's own; only the way from Kafka to them differs.
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, Payload, Transport, type MicroserviceOptions } from '@nestjs/microservices';
import { Topics, type BuyerEvent } from '@watertight/contracts';
import { connectKafka, TopicPublisher } from '@watertight/kafka';
import { loadMarketplaces } from '@watertight/marketplaces';
import { createDatabase, runMigrations } from '@watertight/postgres';
import { createLogger, systemClock } from '@watertight/service';
import { KlaviyoClient } from '../../../apps/klaviyo-writer/dist/klaviyo/klaviyo-client.js';
import { WRITER_MIGRATIONS } from '../../../apps/klaviyo-writer/dist/writer.module.js';
import { writerParts } from '../../../apps/klaviyo-writer/dist/writer.parts.js';

const env = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is missing`);
  return value;
};
const brokers = env('KAFKA_BROKERS').split(',');
const logger = createLogger('nest-transport', 'warn');
const database = createDatabase({
  url: env('DATABASE_URL'),
  schema: 'writer',
  migrations: WRITER_MIGRATIONS,
  connectionsMax: 16,
  onConnectionLost: (error) => logger.warn({ err: error }, 'the database connection broke'),
});
await runMigrations(database);
const { deliverBatch } = writerParts({
  config: {
    KLAVIYO_QUOTA_PERCENT: 100,
    KLAVIYO_PACING: false,
    VERIFY_FIRST_AFTER: 60_000,
    VERIFY_EVERY: 60_000,
    VERIFY_DEADLINE: 600_000,
    CONSENTS_EVERY: 3_600_000,
    PROFILE_WAIT: 60_000,
  },
  privacy: null,
  policy: loadMarketplaces(env('MARKETPLACES_FILE'), { env: process.env, credentials: 'not needed' }),
  database,
  client: new KlaviyoClient({
    apiKey: env('KLAVIYO_API_KEY'),
    baseUrl: env('KLAVIYO_BASE_URL'),
    timeoutMs: 30_000,
  }),
  publisher: new TopicPublisher({
    connection: connectKafka({ brokers, clientId: 'nest-transport', logger }),
    clock: systemClock,
  }),
  context: { clock: systemClock, logger },
});

class BuyerEvents {
  async handle(event: BuyerEvent): Promise<void> {
    await deliverBatch.deliverEvents([event], new AbortController().signal);
  }
}
// Applied by hand: this file runs as it is, without a compiler for decorators.
const handler = Object.getOwnPropertyDescriptor(BuyerEvents.prototype, 'handle');
if (handler === undefined) throw new Error('the handler is gone');
Payload()(BuyerEvents.prototype, 'handle', 0);
EventPattern(Topics.buyerEvents.name)(BuyerEvents.prototype, 'handle', handler);
Controller()(BuyerEvents);

class App {}
Module({ controllers: [BuyerEvents] })(App);

const app = await NestFactory.createMicroservice<MicroserviceOptions>(App, {
  transport: Transport.KAFKA,
  logger: ['error'],
  options: {
    client: { brokers, clientId: 'nest-transport' },
    consumer: { groupId: env('GROUP_ID') },
    subscribe: { fromBeginning: true },
  },
});
await app.listen();
