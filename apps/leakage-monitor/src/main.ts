import { Topics } from '@watertight/contracts';
import { BatchStrategy, KafkaConnection, TopicPublisher } from '@watertight/kafka';
import { loadMarketplaces } from '@watertight/marketplaces';
import { runMigrations } from '@watertight/postgres';
import { bootstrap, CLOCK, HealthRegistry, processEnvironment } from '@watertight/service';
import { accessOf } from './access/access-of.ts';
import { configureHttp } from './monitor.http.ts';
import { monitorVariables } from './monitor.config.ts';
import { monitorDatabase, MonitorModule } from './monitor.module.ts';

await bootstrap({
  name: 'leakage-monitor',
  variables: monitorVariables,
  module: (config, context) => {
    const access = accessOf(config, context.clock);
    const policy = loadMarketplaces(config.MARKETPLACES_FILE, {
      env: processEnvironment(),
      credentials: 'not needed',
      alerts: 'required',
    });
    const database = monitorDatabase(config.DATABASE_URL, context);
    return MonitorModule.forRoot({ config, policy, context, database, access });
  },
  strategy: (app) => {
    const strategy = new BatchStrategy({
      connection: app.get(KafkaConnection),
      publisher: app.get(TopicPublisher),
      groupId: 'leakage-monitor',
      stage: 'monitor',
      topics: [Topics.orders, Topics.refunds, Topics.outcomes, Topics.buyerConsents],
      clock: app.get(CLOCK),
    });
    app.get(HealthRegistry).register('kafka', () => strategy.check());
    return strategy;
  },
  configure: configureHttp,
  migrate: async (config, context) => {
    const database = monitorDatabase(config.DATABASE_URL, context);
    await runMigrations(database);
    await database.close();
  },
});
