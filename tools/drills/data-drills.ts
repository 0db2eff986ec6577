import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { connectKafka, type KafkaConnection } from '@watertight/kafka';
import { createLogger } from '@watertight/service';
import { ALL_TOPICS } from '@watertight/contracts';
import pg from 'pg';
import { BackfillApi } from '../run/backfill-api.ts';
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

/** The schema of leakage-monitor is gone, with the ledger in it; topics and the other schemas are there. */
export async function lostLedger(
  drill: DrillSystem,
  { keeper, signal }: { readonly keeper: ProcessKeeper; readonly signal: AbortSignal },
): Promise<void> {
  await drill.startServices();
  await drill.untilBalanced();
  const before = (await drill.balance()).captured.orders;
  await drill.stopServices();
  await drill.withStack(({ databaseUrl }) => dropSchema(databaseUrl, 'monitor'));
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
  const back = await drill.withStack(({ kafkaBrokers }) =>
    putGroupsBack(kafkaBrokers, new Date(backup.at.getTime() - hourMs)),
  );
  drill.saw(`restored; the groups put back by ${back} records, to an hour before the backup`);
  await drill.startServices();
  drill.saw(`balanced ${seconds(await drill.untilBalanced(lost))} after the start`);
}

/** The broker's volume is gone, with records in it that nobody had dealt with. */
export async function lostBroker(drill: DrillSystem): Promise<void> {
  await drill.startServices();
  await drill.untilBalanced();
  const from = new Date(Date.now() - hourMs).toISOString();
  // So that there is something to lose: facts that are not mapped, and events that are not delivered.
  await drill.control.post('/faults', { target: 'klaviyo', kind: 'status', status: 503 });
  await drill.wait(tradeMs / 2);
  signalGroup(drill.pidOf('profile-mapper'), 'SIGSTOP');
  await drill.wait(tradeMs / 2);
  const { captured } = await drill.balance();
  drill.saw(`lost with ${captured.orders} orders captured, ${await drill.underWay()} of them under way`);
  signalGroup(drill.pidOf('profile-mapper'), 'SIGKILL');
  signalGroup(drill.pidOf('broker'), 'SIGKILL');
  await drill.stopServices();
  rmSync(join(drill.dataDir, 'kafka'), { recursive: true });
  await drill.control.clearFaults();
  await drill.startServices();
  await drill.wait(tradeMs);
  const { difference } = await drill.balance();
  drill.saw(
    `with an empty broker: a difference of ${difference.orders} orders, ${await drill.underWay()} under way ${tradeMs / 1_000} s after the start`,
  );
  const api = new BackfillApi(drill.system.url, drill.system.token);
  for (const marketplaceId of ['maison-fr', 'techno-us', 'nordmarkt-de'])
    await api.start({ marketplaceId, from, to: new Date().toISOString(), dryRun: false });
  drill.saw(
    `a backfill of the last hour asked for: balanced after ${seconds(await drill.untilBalanced(captured.orders))}`,
  );
}

async function dropSchema(databaseUrl: string, schema: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(`drop schema ${client.escapeIdentifier(schema)} cascade`);
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
