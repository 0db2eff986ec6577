// Checks that the database that DATABASE_URL names has the schema of every service as this version needs it: one line of
// JSON per service on standard output. Reads only.
import { createDatabase, databaseVariables, pendingMigrations } from '@watertight/postgres';
import { ConfigError, loadConfig, RetryableError } from '@watertight/service';
import { WRITER_MIGRATIONS } from '../../apps/klaviyo-writer/dist/writer.module.js';
import { monitorMigrations } from '../../apps/leakage-monitor/dist/migrations/monitor-migrations.js';
import { INGEST_MIGRATIONS } from '../../apps/mirakl-ingest/dist/migrations/ingest-migrations.js';
import { MAPPER_MIGRATIONS } from '../../apps/profile-mapper/dist/mapper.module.js';
import type { Finding } from './doctor-report.ts';

const services = [
  { service: 'mirakl-ingest', schema: 'ingest', migrations: INGEST_MIGRATIONS },
  { service: 'profile-mapper', schema: 'mapper', migrations: MAPPER_MIGRATIONS },
  { service: 'klaviyo-writer', schema: 'writer', migrations: WRITER_MIGRATIONS },
  { service: 'leakage-monitor', schema: 'monitor', migrations: monitorMigrations },
] as const;

function say(result: Finding['result'], detail: string): void {
  const finding: Finding = { check: 'migrations', marketplaceId: null, result, detail };
  process.stdout.write(`${JSON.stringify(finding)}\n`);
}

async function examine(url: string): Promise<void> {
  for (const { service, schema, migrations } of services) {
    const database = createDatabase({ url, schema, migrations: [...migrations] });
    try {
      const pending = await pendingMigrations(database);
      if (pending.length === 0) say('ok', `the schema of ${service} is as this version needs it`);
      else
        say(
          'warning',
          `${service} runs ${pending.length} migrations at its next start: ${pending.join(', ')}`,
        );
    } finally {
      await database.close();
    }
  }
}

try {
  await examine(loadConfig(databaseVariables).DATABASE_URL);
} catch (error) {
  // The server is one for all of them: what keeps one from being read keeps the others too.
  if (!(error instanceof ConfigError) && !(error instanceof RetryableError)) throw error;
  const problems = error instanceof ConfigError ? error.problems : [error.message];
  for (const problem of problems) say('problem', problem);
}
