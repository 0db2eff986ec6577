import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { root } from '../stack/paths.ts';
import { galerieId, openGalerie } from './demo-galerie.ts';
import { demoPolicy } from './demo-policy.ts';
import { guidedTour, scenarios } from './demo-scenarios.ts';
import { callSandbox } from './sandbox-truth.ts';

let sandbox: ReturnType<typeof spawn>;
let sandboxUrl = '';

before(async () => {
  sandbox = spawn(process.execPath, [join(root, 'apps/sandbox/dist/main.js')], {
    env: { ...process.env, SANDBOX_HISTORY_ORDERS: '300', WATCH_PARENT_STDIN: '1', PORT: '0' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  assert.ok(sandbox.stdout);
  const [line] = await once(createInterface(sandbox.stdout), 'line');
  sandboxUrl = JSON.parse(String(line)).url;
});

after(() => sandbox.kill());

/** Plays a scenario against the double; what it waits for is done at once. */
async function play(
  name: string,
  whileWaiting: () => Promise<void> = async () => undefined,
): Promise<string[]> {
  const told: string[] = [];
  const scenario = scenarios[name];
  assert.ok(scenario, name);
  await callSandbox(`${sandboxUrl}/sandbox/reset`, 'POST');
  await scenario.prepare?.(sandboxUrl);
  await scenario.play({ sandboxUrl, tell: (line) => told.push(line), wait: whileWaiting });
  return told;
}

const truth = async (): Promise<string> =>
  JSON.stringify(await callSandbox(`${sandboxUrl}/sandbox/truth`, 'GET'));

test('quiet-day and sale-day set the pace of trade', async () => {
  await play('quiet-day');
  assert.match(await truth(), /"ordersPerMinute":2\b/);
  await play('sale-day');
  assert.match(await truth(), /"ordersPerMinute":2400\b/);
});

test('leaking-marketplace opens one whose orders hardly have an address, and the policy knows it', async () => {
  await play('leaking-marketplace');
  const orders = await callSandbox(`${sandboxUrl}/sandbox/mirakl/bazar-fr/orders`, 'GET');
  assert.ok(Array.isArray(orders) && orders.length >= 200);
  const direct = orders.filter((order) => JSON.stringify(order).includes('"kind":"direct"')).length;
  assert.ok(direct > 0 && direct < orders.length / 4, `${direct} of ${orders.length} are direct`);
  assert.match(
    demoPolicy(sandboxUrl, 365, new Date(), { ofScenario: 'bazar-fr' }),
    /id: bazar-fr[\s\S]*\$\{BAZAR_API_KEY\}/,
  );
  assert.doesNotMatch(demoPolicy(sandboxUrl, 365, new Date()), /bazar|galerie/);
});

test('the fourth marketplace shows an address on many buyers that no policy names, and anonymised buyers', async () => {
  await callSandbox(`${sandboxUrl}/sandbox/reset`, 'POST');
  await openGalerie(sandboxUrl, 365);
  const orders = await callSandbox(`${sandboxUrl}/sandbox/mirakl/${galerieId}/orders`, 'GET');
  assert.ok(Array.isArray(orders));
  const kinds = Object.groupBy(orders, (order) => order.contact.kind);
  assert.ok((kinds['placeholder']?.length ?? 0) > 20, `${kinds['placeholder']?.length} placeholders`);
  assert.ok((kinds['direct']?.length ?? 0) > 20, `${kinds['direct']?.length} direct`);
  // As an order whose buyer is gone shows itself: this marketplace leaves no other without an address.
  assert.equal(kinds['absent']?.length, 8);
  const policy = demoPolicy(sandboxUrl, 365, new Date(), { galerie: true });
  assert.match(policy, /id: galerie-fr[\s\S]*\$\{GALERIE_API_KEY\}/);
  assert.doesNotMatch(policy, /platzhalter/);
});

test('klaviyo-outage takes Klaviyo away and gives it back', async () => {
  const ask = (): Promise<Response> =>
    fetch(`${sandboxUrl}/klaviyo/api/metrics`, {
      headers: { authorization: 'Klaviyo-API-Key pk_sandbox', revision: '2026-07-15' },
    });
  const during: number[] = [];
  await play('klaviyo-outage', async () => void during.push((await ask()).status));
  assert.deepEqual([during, (await ask()).status], [[503], 200]);
});

test('klaviyo-outage gives it back also when the demo is ended meanwhile', async () => {
  await assert.rejects(
    play('klaviyo-outage', () => Promise.reject(new Error('ended'))),
    /ended/,
  );
  assert.doesNotMatch(await truth(), /"status":503/);
});

test('refund-wave refunds orders of every marketplace', async () => {
  const [told = ''] = await play('refund-wave');
  assert.ok(Number(/^\d+/.exec(told)?.[0]) >= 30, told);
  const [, example = ''] = /(\S+) among them/.exec(told) ?? [];
  const order = JSON.stringify(
    await callSandbox(`${sandboxUrl}/sandbox/mirakl/maison-fr/orders?id=${example}`, 'GET'),
  );
  assert.match(order, /"refunds":\[\{[^}]*"state":"REFUNDED"/);
  const created = /"created":"([^"]+)"/.exec(order)?.[1] ?? '';
  assert.ok(Date.parse(created) < Date.now() - 30 * 24 * 60 * 60 * 1_000, created);
});

test('each scenario says what to watch, and the tour names three things', () => {
  for (const { watch } of Object.values(scenarios)) assert.match(watch, /Watch [A-Z]/);
  assert.equal(guidedTour('http://127.0.0.1/').match(/^\d\. /gm)?.length, 3);
});
