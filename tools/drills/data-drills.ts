import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { connectKafka, type KafkaConnection } from '@watertight/kafka';
import { createLogger } from '@watertight/service';
import { ALL_TOPICS } from '@watertight/contracts';
import pg from 'pg';
import { appNames } from '../stack/apps.ts';
import { root } from '../stack/paths.ts';
import { signalGroup } from '../stack/process-group.ts';
import { runToEnd } from '../stack/process.ts';
import type { ProcessKeeper } from '../stack/process-keeper.ts';
import { backUp, restore } from './backup.ts';
import type { DrillSystem } from './drill-system.ts';
import { seconds } from './key-drills.ts';

const tradeMs = 15_000;
const hourMs = 3_600_000;

/**
 * Step 3 of the restore. Revisions and versions begin again where the backup left them, but the topics hold the higher
 * ones given after it: what changes now would look older than what is there, and nobody would take it.
 */
const leapAhead = [
  'update ingest.captured_order set revision = revision + 1000000',
  'update ingest.captured_refund set revision = revision + 1000000',
  'update mapper.buyer set version = version + 1000000',
];

/** The schema of leakage-monitor is gone, with the ledger in it; topics and the other schemas are there. */
export async function lostLedger(
  drill: DrillSystem,
  { keeper, signal }: { readonly keeper: ProcessKeeper; readonly signal: AbortSignal },
): Promise<void> {
  await drill.startServices();
  await drill.untilBalanced();
  const before = (await drill.balance()).captured.orders;
  await drill.stopServices();
  await drill.withStack(({ databaseUrl }) => runSql(databaseUrl, 'drop schema monitor cascade'));
  await drill.startServices();
  const lost = (await drill.balance()).captured.orders;
  drill.saw(`${before} orders in the ledger before, ${lost} after the loss`);
  await drill.stopServices();
  await drill.withStack(async ({ kafkaBrokers, databaseUrl }) => {
    const began = performance.now();
    const { end, process: program } = await runToEnd(
      {
        name: 'ledger-rebuild',
        command: process.execPath,
        args: [join(root, 'apps/leakage-monitor/dist/rebuild.main.js')],
        env: {
          ...process.env,
          KAFKA_BROKERS: kafkaBrokers,
          DATABASE_URL: databaseUrl,
          BUYER_ID_KEY: drill.buyerIdKey(),
        },
        logFile: join(drill.dataDir, 'logs/ledger-rebuild.log'),
      },
      keeper,
      signal,
    );
    if (end.code !== 0) throw new Error(`the rebuild failed: ${program.lastOutput}`);
    drill.saw(
      `rebuild: ${program.lastOutput.trim()} It took ${seconds((performance.now() - began) / 1_000)}`,
    );
  });
  await drill.startServices();
  drill.saw(`balanced ${seconds(await drill.untilBalanced(before))} after the start`);
}

/** The database is gone while orders come in, and comes back as it was some time before. */
export async function lostDatabase(drill: DrillSystem): Promise<void> {
  await drill.startServices();
  await drill.untilBalanced();
  const cluster = join(drill.dataDir, 'postgres/cluster');
  const backup = await backUp(drill.databaseUrl(), cluster, join(drill.dataDir, 'backup'));
  const then = (await drill.balance()).captured.orders;
  await drill.wait(tradeMs);
  const lost = (await drill.balance()).captured.orders;
  drill.saw(`a backup at ${then} orders; the database lost at ${lost}, ${tradeMs / 1_000} s later`);
  signalGroup(drill.pidOf('database'), 'SIGKILL');
  await drill.stopServices();
  restore(backup, cluster);
  const back = await drill.withStack(async ({ kafkaBrokers, databaseUrl }) => {
    for (const statement of leapAhead) await runSql(databaseUrl, statement);
    return putGroupsBack(kafkaBrokers, new Date(backup.at.getTime() - hourMs));
  });
  drill.saw(`restored; the groups put back by ${back} records, to an hour before the backup`);
  await drill.startServices();
  drill.saw(`balanced ${seconds(await drill.untilBalanced(lost))} after the start`);
}

/**
 * Nobody knows which records were lost, so every order is asked for again: what everyone has already changes nothing.
 * Positions on the lost topics mean nothing on the new ones.
 */
const askForAllAgain = [
  `insert into ingest.wanted_order (order_key, marketplace_id, command_id, requested_at)
     select order_key, marketplace_id, 'broker-lost', now() from ingest.captured_order on conflict do nothing`,
  `update ingest.marketplace_progress set published_up_to = '{}'`,
  'delete from monitor.folded_position',
];

/** The broker's volume is gone, with records in it that nobody had dealt with. */
export async function lostBroker(drill: DrillSystem): Promise<void> {
  await drill.startServices();
  await drill.untilBalanced();
  // So that there is something to lose: events that are not delivered, facts that are neither mapped nor folded.
  await drill.control.post('/faults', { target: 'klaviyo', kind: 'status', status: 503 });
  await drill.wait(tradeMs / 2);
  signalGroup(drill.pidOf('profile-mapper'), 'SIGSTOP');
  await drill.wait(tradeMs / 2);
  const { captured } = await drill.balance();
  drill.saw(`lost with ${captured.orders} orders captured, ${await drill.underWay()} of them under way`);
  signalGroup(drill.pidOf('leakage-monitor'), 'SIGSTOP');
  await drill.wait(tradeMs / 2);
  for (const name of ['profile-mapper', 'leakage-monitor', 'broker'])
    signalGroup(drill.pidOf(name), 'SIGKILL');
  await drill.stopServices();
  rmSync(join(drill.dataDir, 'kafka'), { recursive: true });
  await drill.control.clearFaults();
  await drill.withStack(async ({ databaseUrl }) => {
    for (const statement of askForAllAgain) await runSql(databaseUrl, statement);
  });
  await drill.startServices();
  const took = seconds(await drill.untilBalanced(captured.orders));
  drill.saw(`with an empty broker and every order asked for again: balanced ${took} after the start`);
}

async function runSql(databaseUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** As `kafka-consumer-groups --reset-offsets --to-datetime` does. Returns by how many records. */
async function putGroupsBack(kafkaBrokers: string, to: Date): Promise<number> {
  const logger = createLogger('drill', 'silent');
  const connection = connectKafka({ brokers: [kafkaBrokers], clientId: 'drill', logger });
  const admin = connection.client.admin();
  try {
    await admin.connect();
    let records = 0;
    for (const { name: topic, groups } of ALL_TOPICS) {
      for (const groupId of appNames.filter((app) => groups.includes(app)))
        records += await putBack(admin, groupId, topic, to);
    }
    return records;
  } finally {
    await admin.disconnect();
  }
}

type Admin = ReturnType<KafkaConnection['client']['admin']>;

async function putBack(admin: Admin, groupId: string, topic: string, to: Date): Promise<number> {
  const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] });
  const wanted = await admin.fetchTopicOffsetsByTimestamp(topic, to.getTime());
  const partitions = (committed?.partitions ?? []).flatMap(({ partition, offset }) => {
    const target = wanted.find((one) => one.partition === partition)?.offset;
    return target === undefined || Number(offset) <= Number(target)
      ? []
      : [{ partition, offset: target, back: Number(offset) - Number(target) }];
  });
  if (partitions.length > 0) await admin.setOffsets({ groupId, topic, partitions });
  return partitions.reduce((sum, { back }) => sum + back, 0);
}
