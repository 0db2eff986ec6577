import { Topics } from '@watertight/contracts';
import { connectKafka, kafkaOptions, kafkaVariables } from '@watertight/kafka';
import { createDatabase, databaseVariables } from '@watertight/postgres';
import {
  ConfigError,
  createLogger,
  exitCodes,
  loadConfig,
  RetryableError,
  systemClock,
} from '@watertight/service';
import { ContactVault } from './contacts/contact-vault.ts';
import { monitorMigrations } from './migrations/monitor-migrations.ts';
import { monitorVariables } from './monitor.config.ts';
import { rebuildLedger, RebuildRefusedError } from './rebuild/rebuild-ledger.ts';
import { reportFollowers } from './reports.module.ts';

const FROM_WHAT_IS_LEFT = '--from-what-is-left';

const variables = {
  ...kafkaVariables,
  ...databaseVariables,
  BUYER_ID_KEY: monitorVariables.BUYER_ID_KEY,
};

/** Makes the ledger anew from the topics. Ends with 1 and a sentence when it cannot, with 78 on a wrong configuration. */
async function rebuild(): Promise<number> {
  const config = loadConfig(variables);
  const logger = createLogger('ledger-rebuild', 'silent');
  const databaseOf = (schema: string) =>
    createDatabase({ url: config.DATABASE_URL, schema, migrations: monitorMigrations });
  const database = databaseOf('monitor');
  const scratch = databaseOf('monitor_rebuild');
  try {
    const rebuilt = await rebuildLedger({
      connection: connectKafka({ ...kafkaOptions(config), clientId: 'ledger-rebuild', logger }),
      topics: Topics,
      groupId: 'leakage-monitor',
      database,
      scratch,
      vault: new ContactVault(config.BUYER_ID_KEY),
      clock: systemClock,
      followers: reportFollowers,
      fromWhatIsLeft: process.argv.includes(FROM_WHAT_IS_LEFT),
    });
    process.stdout.write(`The ledger has ${rebuilt.orders} orders, from ${rebuilt.messages} messages.\n`);
    return exitCodes.stopped;
  } finally {
    await Promise.all([database.close(), scratch.close()]);
  }
}

try {
  process.exitCode = await rebuild();
} catch (error) {
  if (error instanceof ConfigError) {
    process.stderr.write(`${error.problems.join('\n')}\n`);
    process.exitCode = exitCodes.configuration;
  } else if (error instanceof RebuildRefusedError || error instanceof RetryableError) {
    process.stderr.write(`Nothing was changed: ${error.message}\n`);
    process.exitCode = 1;
  } else {
    throw error;
  }
}
