import { loadMarketplaces } from '@watertight/marketplaces';
import { assertMigrated } from '@watertight/postgres';
import {
  ConfigError,
  createLogger,
  exitCodes,
  loadConfig,
  processEnvironment,
  RetryableError,
  systemClock,
} from '@watertight/service';
import { databaseVariables } from '@watertight/postgres';
import { mapperVariables } from './mapper.config.ts';
import { mapperDatabase } from './mapper.module.ts';
import { previewPolicy } from './reevaluate/preview-policy.ts';

const variables = {
  ...databaseVariables,
  MARKETPLACES_FILE: mapperVariables.MARKETPLACES_FILE,
  BUYER_ID_KEY: mapperVariables.BUYER_ID_KEY,
};

/** Prints, as one line of JSON, what the policy in MARKETPLACES_FILE would make of the orders that are held now. */
async function preview(): Promise<void> {
  const config = loadConfig(variables);
  const policy = loadMarketplaces(config.MARKETPLACES_FILE, {
    env: processEnvironment(),
    credentials: 'not needed',
  });
  const database = mapperDatabase(config, { logger: createLogger('policy-preview', 'silent') });
  try {
    await assertMigrated(database);
    const rules = { policy, buyerIdKey: config.BUYER_ID_KEY };
    const previews = [];
    for (const { id } of policy.marketplaces) {
      previews.push(await previewPolicy(database, id, rules, systemClock.now()));
    }
    process.stdout.write(`${JSON.stringify(previews)}\n`);
  } finally {
    await database.close();
  }
}

try {
  await preview();
} catch (error) {
  if (error instanceof ConfigError) {
    process.stderr.write(`${error.problems.join('\n')}\n`);
    process.exitCode = exitCodes.configuration;
  } else if (error instanceof RetryableError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  } else {
    throw error;
  }
}
