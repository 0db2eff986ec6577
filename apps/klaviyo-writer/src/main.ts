import { Topics } from '@watertight/contracts';
import { BatchStrategy, KafkaConnection, TopicPublisher } from '@watertight/kafka';
import { runMigrations } from '@watertight/postgres';
import { bootstrap, CLOCK, HealthRegistry } from '@watertight/service';
import { writerVariables } from './writer.config.ts';
import { WRITER, writerDatabase, WriterModule } from './writer.module.ts';

await bootstrap({
  name: WRITER,
  variables: writerVariables,
  module: (config, context) => WriterModule.forRoot(config, context),
  strategy: (app) => {
    const strategy = new BatchStrategy({
      connection: app.get(KafkaConnection),
      publisher: app.get(TopicPublisher),
      groupId: WRITER,
      stage: 'writer',
      topics: [Topics.buyerEvents, Topics.buyerProfiles, Topics.commands],
      clock: app.get(CLOCK),
      // A lane mostly waits for Klaviyo; several together fill the bulk requests.
      partitionsConsumedConcurrently: Topics.buyerEvents.partitions,
      // Bulk requests are to be full also while one of them fetches.
      members: 2,
      // Several slices are in memory at a time, each as messages, as Klaviyo events and as a request.
      maxBatchMessages: 300,
    });
    app.get(HealthRegistry).register('kafka', () => strategy.check());
    return strategy;
  },
  migrate: async (config, context) => {
    const database = writerDatabase(config, context);
    await runMigrations(database);
    await database.close();
  },
});
