import { Topics } from '@watertight/contracts';
import { BatchStrategy, KafkaConnection, TopicPublisher } from '@watertight/kafka';
import { runMigrations } from '@watertight/postgres';
import { bootstrap, CLOCK, HealthRegistry } from '@watertight/service';
import { mapperVariables } from './mapper.config.ts';
import { MAPPER, mapperDatabase, MapperModule } from './mapper.module.ts';

await bootstrap({
  name: MAPPER,
  variables: mapperVariables,
  module: (config, context) => MapperModule.forRoot(config, context),
  strategy: (app) => {
    const strategy = new BatchStrategy({
      connection: app.get(KafkaConnection),
      publisher: app.get(TopicPublisher),
      groupId: MAPPER,
      stage: 'mapper',
      topics: [Topics.orders, Topics.refunds, Topics.commands],
      clock: app.get(CLOCK),
      // While one batch is with the database, another can be mapped. Row locks are taken in one order everywhere.
      partitionsConsumedConcurrently: 2,
    });
    app.get(HealthRegistry).register('kafka', () => strategy.check());
    return strategy;
  },
  migrate: async (config, context) => {
    const database = mapperDatabase(config, context);
    await runMigrations(database);
    await database.close();
  },
});
