// A million orders through the whole system once, Klaviyo's quota off at the double: how long, the memory of each service
// over time, how large the tables become, that the balance comes out at the doubles' own truth, and how fast the API
// answers afterwards. `--set orders=100000` tries it in minutes.
import { createDatabase } from '@watertight/postgres';
import { differencesFromTruth } from '../tools/run/sandbox-truth.ts';
import type { BenchContext, Figure } from './bench-context.ts';
import { countsOf } from './klaviyo-double.ts';
import { apiFigures } from './system/api-times.ts';
import { acceptedRate, drainHistory, type Drained } from './system/drain-history.ts';
import {
  fillShops,
  type Stage,
  STAGES,
  startServices,
  stopServices,
  writeShopsPolicy,
} from './system/whole-system.ts';

const LOOK_EVERY_MS = 5_000;
const TELL_EVERY_MS = 30_000;
const STANDSTILL_MS = 5 * 60_000;
/** Larger tables than this many are told of one by one. */
const TABLES_TOLD = 10;

export async function bench(context: BenchContext): Promise<readonly Figure[]> {
  const orders = context.number('orders', 1_000_000);
  const sandbox = await context.startSandbox({
    SANDBOX_KLAVIYO_QUOTA: 'off',
    SANDBOX_KLAVIYO_KEEP: 'lean',
    // The double holds every order and every event in memory.
    NODE_OPTIONS: '--max-old-space-size=12288',
  });
  await fillShops(context, sandbox, orders);
  const policyFile = writeShopsPolicy(context, sandbox);
  const services = await startServices(context, sandbox, { pacing: false, policyFile });
  const drained = await drainHistory(context, services, orders, {
    lookEveryMs: LOOK_EVERY_MS,
    tellEveryMs: TELL_EVERY_MS,
    standstillMs: STANDSTILL_MS,
    atMostMs: context.number('limitMinutes', 120) * 60_000,
  });
  const api = await apiFigures(context, services['leakage-monitor']);
  const differences = await differencesFromTruth(drained.balance, sandbox.url);
  for (const difference of differences) context.progress(difference);
  const { doubled } = await countsOf(sandbox.url);
  const tables = await tableFigures(context, orders);
  await stopServices(context, services);
  await sandbox.stop();
  const { events, perSecond } = acceptedRate(drained.samples);
  const none = { unit: '', floor: 0, better: 'less' } as const;
  return [
    { name: 'orders', value: orders, unit: '' },
    { name: 'time to a settled balance', value: drained.seconds / 60, unit: 'min', better: 'less' },
    { name: 'Klaviyo events', value: events, unit: '' },
    { name: 'Klaviyo events a second', value: perSecond, unit: 'events/s' },
    { name: "marketplaces that differ from the double's truth", value: differences.length, ...none },
    { name: 'doubled', value: doubled, ...none },
    ...STAGES.flatMap((stage) => memoryFigures(stage, drained)),
    ...api,
    ...tables,
  ];
}

/** The time is cut into quarters: a service that grows with the number of orders shows it. */
function memoryFigures(stage: Stage, { samples }: Drained): readonly Figure[] {
  const values = samples.map(({ memoryMb }) => memoryMb[stage]);
  const quarter = Math.max(1, Math.floor(values.length / 4));
  const mean = (some: readonly number[]): number => some.reduce((sum, value) => sum + value, 0) / some.length;
  const quarters = [0, 1, 2, 3].map((index) => mean(values.slice(index * quarter, (index + 1) * quarter)));
  const less = { unit: 'MB', better: 'less' } as const;
  return [
    { name: `${stage}, memory at most`, value: Math.max(...values), floor: 300, aim: 200, ...less },
    ...quarters.map((value, index) => ({
      name: `${stage}, memory, quarter ${index + 1}`,
      value,
      ...less,
    })),
  ];
}

interface TableRow {
  readonly name: string;
  readonly bytes: string;
}

async function tableFigures(context: BenchContext, orders: number): Promise<readonly Figure[]> {
  const database = createDatabase({ url: context.databaseUrl, schema: 'bench', migrations: [] });
  try {
    const rows = await database.query<TableRow>(
      `select schemaname || '.' || relname as name, pg_total_relation_size(relid)::text as bytes
       from pg_stat_user_tables order by pg_total_relation_size(relid) desc`,
    );
    const megabytes = (bytes: number): number => bytes / 1024 ** 2;
    const total = rows.reduce((sum, { bytes }) => sum + Number(bytes), 0);
    return [
      { name: 'all tables with their indexes', value: megabytes(total), unit: 'MB', better: 'less' },
      { name: 'database for one order', value: total / orders, unit: 'bytes', better: 'less' },
      ...rows.slice(0, TABLES_TOLD).map(({ name, bytes }): Figure => ({
        name: `table ${name}`,
        value: megabytes(Number(bytes)),
        unit: 'MB',
        better: 'less',
      })),
    ];
  } finally {
    await database.close();
  }
}
