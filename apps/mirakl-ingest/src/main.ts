import { Topics } from '@watertight/contracts';
import { BatchStrategy, KafkaConnection, TopicPublisher } from '@watertight/kafka';
import { runMigrations } from '@watertight/postgres';
import { bootstrap, HealthRegistry } from '@watertight/service';
import { INGEST_GROUP } from './capture/unreadable-order.ts';
import { ingestVariables } from './ingest.config.ts';
import { ingestDatabase, IngestModule } from './ingest.module.ts';

await bootstrap({
  name: INGEST_GROUP,
  variables: ingestVariables,
  module: (config, context) => IngestModule.forRoot(config, context),
  strategy: (app) => {
    const connection = app.get(KafkaConnection);
    const publisher = app.get(TopicPublisher);
    const commands = { groupId: INGEST_GROUP, stage: 'ingest', topics: [Topics.commands] } as const;
    const strategy = new BatchStrategy({ connection, publisher, ...commands });
    app.get(HealthRegistry).register('kafka', () => strategy.check());
    return strategy;
  },
  migrate: async (config, context) => {
    await runMigrations(ingestDatabase(config, context));
  },
});
