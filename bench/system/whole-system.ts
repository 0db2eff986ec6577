import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeArgumentsOf } from '../../tools/stack/apps.ts';
import type { BenchContext, BenchSandbox, BenchService } from '../bench-context.ts';
import { profileArguments, tellWidestFrames } from '../profiles.ts';

/** In the order in which an order goes through them. */
export const STAGES = ['mirakl-ingest', 'profile-mapper', 'klaviyo-writer', 'leakage-monitor'] as const;
export type Stage = (typeof STAGES)[number];
export type Services = Readonly<Record<Stage, BenchService>>;

export const API_TOKEN = 'a-token-for-benchmarks-only';

/** As brands have them: one marketplace hands out addresses, one does for every second order, the largest hides them. */
export const SHOPS = [
  { id: 'bench-open', shopId: 3001, share: 0.3, contact: { direct: 1 } },
  { id: 'bench-mixed', shopId: 3002, share: 0.3, contact: { direct: 0.5, relay: 0.5 } },
  { id: 'bench-relay', shopId: 3003, share: 0.4, contact: { relay: 1 } },
] as const;

export const POLL_INTERVAL_S = 2;
const HISTORY_DAYS = 330;
/** Orders of one file of an export: the double renders a file as a whole. */
const EXPORT_CHUNK_ITEMS = 20_000;

/** Fills the shops with orders of the past. For a million the double takes minutes. */
export async function fillShops(
  context: BenchContext,
  sandbox: BenchSandbox,
  historyOrders: number,
): Promise<void> {
  for (const { id, shopId, share, contact } of SHOPS) {
    const orders = Math.round(historyOrders * share);
    context.progress(`the double makes ${orders} orders of ${id}`);
    const body = { id, shopId, contact, exportChunkItems: EXPORT_CHUNK_ITEMS, exportMs: 0 };
    const past = { historyOrders: orders, historyDays: HISTORY_DAYS };
    const response = await fetch(`${sandbox.url}/sandbox/mirakl`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...body, ...past }),
      signal: context.signal,
    });
    if (!response.ok) throw new Error(`the sandbox answered ${response.status}: ${await response.text()}`);
  }
}

/** Writes the policy of the shops; returns its path. */
export function writeShopsPolicy(context: BenchContext, sandbox: BenchSandbox): string {
  const file = join(context.dataDir, 'marketplaces.yaml');
  const from = new Date(Date.now() - (HISTORY_DAYS + 5) * 86_400_000).toISOString().slice(0, 10);
  const entries = SHOPS.map(
    ({ id, shopId }) => `  - id: ${id}
    name: ${id}
    channel: ${id}
    baseUrl: ${sandbox.url}/mirakl/${id}
    apiKey: \${${keyNameOf(id)}}
    shopId: "${shopId}"
    orderTaxMode: TAX_INCLUDED
    pollInterval: ${POLL_INTERVAL_S}s
    backfillFrom: ${from}
    contact: { emailFrom: ["customer_notification_email"], use: direct_only }
`,
  );
  writeFileSync(file, `reportingCurrency: EUR\nmarketplaces:\n${entries.join('')}`);
  return file;
}

/** Starts the four services as they ship. With `pacing` the writer keeps to Klaviyo's quota, as always in production. */
export async function startServices(
  context: BenchContext,
  sandbox: BenchSandbox,
  { pacing, policyFile }: { readonly pacing: boolean; readonly policyFile: string },
): Promise<Services> {
  const keys = Object.fromEntries(SHOPS.map(({ id }) => [keyNameOf(id), `sandbox-${id}-key`]));
  const start = (name: Stage): Promise<BenchService> =>
    context.startService({
      name,
      nodeArguments: [...nodeArgumentsOf(name), ...profileArguments(context, name)],
      env: {
        ...keys,
        MARKETPLACES_FILE: policyFile,
        BUYER_ID_KEY: 'a key for benchmarks only, long enough for it',
        KLAVIYO_API_KEY: 'pk_sandbox_narrow',
        KLAVIYO_BASE_URL: `${sandbox.url}/klaviyo`,
        ...(name === 'klaviyo-writer' && !pacing ? { KLAVIYO_PACING: '0' } : {}),
        ...(name === 'leakage-monitor' ? { LOCAL_TOKEN: API_TOKEN } : {}),
      },
    });
  const [ingest, mapper, writer, monitor] = await Promise.all([
    start('mirakl-ingest'),
    start('profile-mapper'),
    start('klaviyo-writer'),
    start('leakage-monitor'),
  ]);
  return {
    'mirakl-ingest': ingest,
    'profile-mapper': mapper,
    'klaviyo-writer': writer,
    'leakage-monitor': monitor,
  };
}

export async function stopServices(context: BenchContext, services: Services): Promise<void> {
  await Promise.all(STAGES.map((stage) => services[stage].stop()));
  for (const stage of STAGES) tellWidestFrames(context, stage);
}

function keyNameOf(id: string): string {
  return `${id.toUpperCase().replaceAll('-', '_')}_KEY`;
}
