// real: [HTTP, the built program], double: [Mirakl, by the sandbox]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startProcess } from '@watertight/testing';
import { MiraklSandbox, type SandboxShop } from './poll/sandbox.fixture.ts';

const program = fileURLToPath(new URL('../dist/doctor.main.js', import.meta.url));
let mirakl: MiraklSandbox;
let shop: SandboxShop;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watertight-doctor-'));
  mirakl = await MiraklSandbox.start();
  shop = await mirakl.open({ historyOrders: 12 });
});
afterAll(async () => {
  await shop.source.close();
  await mirakl.sandbox.stop();
  rmSync(folder, { recursive: true });
});

async function examine(entry: Readonly<Record<string, string>>) {
  const fields = { id: shop.id, name: 'Shop', baseUrl: shop.policy.baseUrl, shopId: '"3001"', ...entry };
  const lines = Object.entries({ apiKey: '${SHOP_KEY}', backfillFrom: '2020-01-01', ...fields });
  const file = join(folder, 'marketplaces.yaml');
  writeFileSync(
    file,
    `marketplaces:\n  -\n${lines.map(([name, value]) => `    ${name}: ${value}\n`).join('')}`,
  );
  const running = startProcess([program], {
    MARKETPLACES_FILE: file,
    SHOP_KEY: `sandbox-${shop.id}-key`,
  });
  const { code } = await running.exited;
  const findings = running.stdout.map((line) => JSON.parse(line) as Record<string, string>);
  const resultOf = (check: string) => findings.find((one) => one['check'] === check);
  return { code, resultOf, stderr: running.stderr.join('\n') };
}

describe('the doctor of the marketplaces', () => {
  it('finds nothing wrong with one that is set up well', async () => {
    const { code, resultOf } = await examine({});
    expect(resultOf('orders')).toMatchObject({ result: 'ok', marketplaceId: shop.id });
    expect(resultOf('orders')?.['detail']).toContain('12 orders since 2020-01-01');
    expect(resultOf('shop')?.['detail']).toContain('reads the shop 3001');
    expect(code).toBe(0);
  });

  it.each([
    ['a wrong key', { apiKey: 'wrong-key' }, 'orders', 'check apiKey'],
    ['another currency', { currency: 'USD' }, 'settings', 'the currency is EUR, marketplaces.yaml says USD'],
    ['an address where nothing listens', { baseUrl: 'http://127.0.0.1:9' }, 'orders', 'check baseUrl'],
  ])('says in a sentence what is wrong: %s', async (_what, entry, check, sentence) => {
    const { code, resultOf } = await examine(entry);
    expect(resultOf(check)).toMatchObject({ result: 'problem' });
    expect(resultOf(check)?.['detail']).toContain(sentence);
    expect(code).toBe(1);
  });

  it('lists what is wrong with the file itself', async () => {
    const { code, stderr } = await examine({ pollInterval: 'often' });
    expect(code).toBe(78);
    expect(stderr).toContain('pollInterval');
  });
});
