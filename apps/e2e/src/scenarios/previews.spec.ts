import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSandbox, type Sandbox } from '@watertight/testing';
import { policyFor, SANDBOX_MARKETPLACES } from '../sandbox.fixture.ts';
import {
  type Balance,
  type RunningSystem,
  startSystem,
  waitUntilBalanced,
  workplace,
} from '../system.fixture.ts';

// real: [broker, PostgreSQL, HTTP, all four services, the commands `up`, `mapping:preview`, `policy:preview`], double: [Mirakl, Klaviyo]

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const run = promisify(execFile);
const place = workplace();
let sandbox: Sandbox;
let system: RunningSystem;
let balance: Balance;
let policy: string;
let policyFile: string;

beforeAll(async () => {
  sandbox = await startSandbox({ SANDBOX_HISTORY_ORDERS: '60', SANDBOX_LIVE_ORDERS_PER_MINUTE: '0' });
  policy = policyFor(sandbox.url, SANDBOX_MARKETPLACES);
  policyFile = place.writePolicy(policy);
  system = await startSystem({
    policyFile,
    dataDir: place.dataDir,
    env: { KLAVIYO_API_KEY: 'pk_sandbox', KLAVIYO_BASE_URL: `${sandbox.url}/klaviyo` },
  });
  balance = await waitUntilBalanced(system, { orders: 60 });
});

afterAll(async () => {
  await system?.interrupt();
  await sandbox?.stop();
  place.remove();
});

/** The command as a user runs it against the running system; what it printed. */
async function preview(command: string, changed: string, ...args: readonly string[]): Promise<string> {
  const file = join(place.dataDir, 'changed.yaml');
  writeFileSync(file, changed);
  const { KAFKA_BROKERS: _brokers, DATABASE_URL: _database, NODE_OPTIONS: _options, ...env } = process.env;
  const { stdout } = await run(
    process.execPath,
    [`tools/run/${command}.mjs`, '--marketplaces', file, '--data', place.dataDir, ...args],
    { cwd: root, env },
  );
  return stdout;
}

describe('previews against a running system', () => {
  it('mapping:preview shows what a new mapping does to the last orders', async () => {
    const changed = `attributes:\n  - { from: line.category_label, to: Categories, on: event, as: list }\n${policy}`;
    const text = await preview('mapping-preview', changed, '--before', policyFile, '--orders', '5');
    expect(text.match(/^(?:maison-fr|techno-us|nordmarkt-de):/gm)).toHaveLength(5);
    expect(text).toMatch(/\* event: Categories: .* -> \["/);
    expect(text).toMatch(/^5 orders: 5 change/m);
  });

  it('policy:preview says how many held orders relays would release, and leaves them held', async () => {
    const relays = balance.leaking
      .filter(({ reason }) => reason === 'contact.relay')
      .reduce((sum, { orders }) => sum + orders, 0);
    expect(relays).toBeGreaterThan(0);
    const changed = policy.replaceAll('use: direct_only', 'use: direct_and_relay');
    const text = await preview('policy-preview', changed);
    expect(text).toMatch(/^ {2}\* \d+ \(.*\): uncaptured contact\.relay -> mapped$/m);
    expect(text).toMatch(new RegExp(`^${relays} of \\d+ held orders would be released`, 'm'));
    expect(await preview('policy-preview', policy)).toMatch(/^0 of \d+ held orders would be released/m);
    const after = await system.balance();
    expect(after.buckets['uncaptured_contact']).toEqual(balance.buckets['uncaptured_contact']);
  });
});
