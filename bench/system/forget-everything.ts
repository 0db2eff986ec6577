import { createDatabase } from '@watertight/postgres';
import { Kafka, logLevel } from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';
import { builtPrograms } from '../../tools/stack/programs.ts';
import type { BenchContext } from '../bench-context.ts';

const SCHEMAS = ['ingest', 'mapper', 'writer', 'monitor'];
const GONE_WITHIN_MS = 30_000;

/** Makes broker and database as they were before the first service started: with no topic's records and no table. */
export async function forgetEverything(context: BenchContext): Promise<void> {
  await Promise.all([forgetTopics(context), forgetTables(context)]);
  const created = await context.startProgram({
    name: 'create-topics',
    args: [builtPrograms.entry('create-topics')],
  });
  const { code } = await created.ended;
  if (code !== 0) throw new Error(`the topics could not be created again:\n${created.lastOutput()}`);
}

async function forgetTables({ databaseUrl }: BenchContext): Promise<void> {
  const database = createDatabase({ url: databaseUrl, schema: 'bench', migrations: [] });
  try {
    for (const schema of SCHEMAS) await database.execute(`drop schema if exists ${schema} cascade`);
  } finally {
    await database.close();
  }
}

/** The broker forgets the groups' offsets with the topics. */
async function forgetTopics({ kafkaBrokers, signal }: BenchContext): Promise<void> {
  const kafka = new Kafka({
    brokers: kafkaBrokers.split(','),
    clientId: 'bench-admin',
    logLevel: logLevel.ERROR,
  });
  const admin = kafka.admin();
  await admin.connect();
  try {
    const ours = async (): Promise<string[]> =>
      (await admin.listTopics()).filter((name) => !name.startsWith('__'));
    await admin.deleteTopics({ topics: await ours() });
    const deadline = performance.now() + GONE_WITHIN_MS;
    while ((await ours()).length > 0) {
      if (performance.now() > deadline) throw new Error('the broker does not let its topics go');
      await sleep(200, undefined, { signal });
    }
  } finally {
    await admin.disconnect();
  }
}
